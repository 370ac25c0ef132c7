using PeftStudio.Formats.Tokenizers.AddedTokens;
using PeftStudio.Formats.Tokenizers.Json;
using PeftStudio.Formats.Tokenizers.PostProcessors;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Pipeline;

/// <summary>The pipeline of a <c>tokenizer.json</c>: added tokens, normalizer, pre-tokenizer, model, post-processor; and decoder on the way back.</summary>
internal sealed class PipelineTokenizer : Tokenizer
{
    private readonly TokenizerJson _parts;
    private readonly AddedVocabulary _added;
    private readonly int[] _layout;

    internal PipelineTokenizer(TokenizerJson parts, TokenizerConfiguration configuration)
        : base(configuration)
    {
        _parts = parts;
        _added = new AddedVocabulary(parts.AddedTokens, parts.Normalizer);
        VocabularySize = Math.Max(parts.Model.Vocabulary.Size, _added.Size);
        _layout = SingleLayout(parts.PostProcessor);
    }

    /// <inheritdoc/>
    public override int VocabularySize { get; }

    /// <inheritdoc/>
    public override int? IdOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _added.WithContent(token)?.Id ?? _parts.Model.Vocabulary.IdOf(token);
    }

    /// <inheritdoc/>
    public override string? TokenOf(int id) => _added.WithId(id)?.Content ?? _parts.Model.Vocabulary.TokenOf(id);

    /// <inheritdoc/>
    public override int[] EncodeToIds(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sink = new TokenSink();
        EncodeText(text, sink);
        if (!addSpecialTokens) return sink.Ids.ToArray();
        var ids = new List<int>(sink.Count + _layout.Length);
        foreach (var id in _layout)
        {
            if (id >= 0) ids.Add(id);
            else ids.AddRange(sink.Ids);
        }

        return [.. ids];
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            var added = _added.WithId(id);
            if (added is { Special: true } && skipSpecialTokens) continue;
            tokens.Add(added?.Content ?? _parts.Model.Vocabulary.TokenOf(id) ?? throw TokenizerErrors.OutOfRange(id, VocabularySize));
        }

        return _parts.Decoder is { } decoder ? string.Concat(decoder.Decode(tokens)) : string.Join(' ', tokens);
    }

    /// <summary>The ids around a single text; −1 stands for the text.</summary>
    private static int[] SingleLayout(PostProcessor? processor)
    {
        if (processor is null) return [-1];
        var text = new EncodingPart();
        text.Add(-1, "", 0, 0, default, special: false, attention: true, 0);
        return [.. processor.Process([text], addSpecialTokens: true).SelectMany(part => part.Ids)];
    }

    private void EncodeText(string text, TokenSink sink)
    {
        var wellFormed = WellFormed.Text(text);
        var buffer = new PieceBuffer();
        var raw = new List<TextSegment>();
        var normalized = new List<TextSegment>();
        AddedVocabulary.Split(wellFormed, _added.Raw, specialAsText: false, raw);
        foreach (var segment in raw)
        {
            if (segment.Token is { } token)
            {
                sink.Add(token.Id, segment.Start, segment.End);
                continue;
            }

            buffer.Load(wellFormed.AsSpan(segment.Start, segment.End - segment.Start), segment.Start, track: false);
            _parts.Normalizer?.Apply(buffer);
            normalized.Clear();
            AddedVocabulary.Split(buffer.Text.Chars, _added.Normalized, specialAsText: false, normalized);
            if (normalized is [{ Token: null }])
            {
                EncodePieces(buffer, sink);
                continue;
            }

            var whole = buffer.Text.Chars.ToString();
            foreach (var part in normalized)
            {
                if (part.Token is { } inner)
                {
                    sink.Add(inner.Id, 0, 0);
                    continue;
                }

                buffer.Load(whole.AsSpan(part.Start, part.End - part.Start), part.Start, track: false);
                EncodePieces(buffer, sink);
            }
        }
    }

    private void EncodePieces(PieceBuffer buffer, TokenSink sink)
    {
        _parts.PreTokenizer?.Apply(buffer);
        foreach (var piece in buffer.Pieces) _parts.Model.Tokenize(buffer.CharsOf(piece), sink);
    }
}

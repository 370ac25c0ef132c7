using PeftStudio.Formats.Tokenizers.AddedTokens;
using PeftStudio.Formats.Tokenizers.Decoders;
using PeftStudio.Formats.Tokenizers.Json;
using PeftStudio.Formats.Tokenizers.PostProcessors;
using PeftStudio.Formats.Tokenizers.SentencePiece;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Pipeline;

/// <summary>The pipeline of a <c>tokenizer.json</c>: added tokens, normalizer, pre-tokenizer, model, post-processor; and decoder on the way back.</summary>
internal sealed class PipelineTokenizer : Tokenizer
{
    [ThreadStatic]
    private static IdBuffer? _spareIds;

    private readonly TokenizerJson _parts;
    private readonly AddedVocabulary _added;
    private readonly SequenceEncoder _encoder;
    private readonly int[] _layout;

    internal PipelineTokenizer(TokenizerJson parts, TokenizerConfiguration configuration)
        : base(configuration)
    {
        _parts = parts;
        _added = new AddedVocabulary(parts.AddedTokens, parts.Normalizer, parts.Model.Vocabulary);
        _encoder = new SequenceEncoder(parts, _added);
        VocabularySize = Math.Max(parts.Model.Vocabulary.Size, _added.Size);
        _layout = SingleLayout(parts.PostProcessor);
    }

    /// <inheritdoc/>
    public override int VocabularySize { get; }

    /// <inheritdoc/>
    public override TruncationOptions? FileTruncation => _parts.Truncation;

    /// <inheritdoc/>
    public override PaddingOptions? FilePadding => _parts.Padding;

    /// <summary>The parts it was built from.</summary>
    internal TokenizerJson Parts => _parts;

    /// <inheritdoc/>
    public override int? IdOf(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _added.WithContent(token)?.Id ?? _parts.Model.Vocabulary.IdOf(token);
    }

    /// <inheritdoc/>
    public override string? TokenOf(int id) => _added.WithId(id) is { } token ? _added.TextOf(token) : _parts.Model.Vocabulary.TokenOf(id);

    /// <inheritdoc/>
    public override bool IsSpecial(int id) => _added.WithId(id) is { } token && _added.IsSkipped(token);

    /// <inheritdoc/>
    public override int[] EncodeToIds(string text, bool addSpecialTokens = true, bool specialTokensAsText = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        var buffer = _spareIds ?? new IdBuffer();
        _spareIds = null;
        _encoder.EncodeIds(text, specialTokensAsText, buffer);
        var ids = addSpecialTokens ? Surround(buffer.Ids) : buffer.Ids.ToArray();
        buffer.Clear();
        _spareIds = buffer;
        return ids;
    }

    /// <inheritdoc/>
    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var tokens = new List<string>(ids.Length);
        var added = new List<bool>(ids.Length);
        foreach (var id in ids)
        {
            if (skipSpecialTokens && IsSpecial(id)) continue;
            tokens.Add(TokenOf(id) ?? throw TokenizerErrors.OutOfRange(id, VocabularySize));
            added.Add(_added.WithId(id) is not null);
        }

        return _parts.Decoder switch
        {
            null => string.Join(' ', tokens),
            ByteLevelDecoder => ByteLevelDecoder.Decode(tokens, added),
            var decoder => string.Concat(decoder.Decode(tokens)),
        };
    }

    /// <summary>Whether an id is an added token, whose content is text as it stands.</summary>
    internal bool IsAdded(int id) => _added.WithId(id) is not null;

    /// <inheritdoc/>
    public override StreamingDecoder CreateStreamingDecoder(bool skipSpecialTokens = true) =>
        _parts.Decoder is SentencePieceDecoder pieces ? new SentencePieceStreamingDecoder(this, pieces, skipSpecialTokens)
        : TokenBytes.For(_parts.Decoder) is { } bytes ? new ByteStreamingDecoder(this, bytes, skipSpecialTokens)
        : base.CreateStreamingDecoder(skipSpecialTokens);

    /// <inheritdoc/>
    private protected override EncodingPart EncodePart(TokenizerInput input, EncodeOptions options)
    {
        var parts = new List<EncodingPart> { _encoder.Encode(input.First, input.AreWords, 0, options.SpecialTokensAsText) };
        if (input.Second is { } second) parts.Add(_encoder.Encode(second, input.AreWords, 1, options.SpecialTokensAsText));
        var processor = _parts.PostProcessor;
        if (options.Truncation is { } truncation)
        {
            Truncation.Apply(parts, truncation, options.AddSpecialTokens && processor is not null ? processor.AddedTokens(parts.Count > 1) : 0);
        }

        for (var i = 0; i < parts.Count; i++) parts[i].SetSequence(i);
        if (processor is not null) parts = processor.Process(parts, options.AddSpecialTokens);
        var whole = new EncodingPart();
        foreach (var part in parts) whole.Append(part);
        if (parts is [var only]) whole.Overflowing = only.Overflowing;
        return whole;
    }

    private int[] Surround(ReadOnlySpan<int> text)
    {
        var texts = _layout.AsSpan().Count(-1);
        var ids = new int[checked((text.Length * texts) + _layout.Length - texts)];
        var at = 0;
        foreach (var id in _layout)
        {
            if (id >= 0)
            {
                ids[at++] = id;
                continue;
            }

            text.CopyTo(ids.AsSpan(at));
            at += text.Length;
        }

        return ids;
    }

    /// <summary>The ids around a single text; −1 stands for the text.</summary>
    private static int[] SingleLayout(PostProcessor? processor)
    {
        if (processor is null) return [-1];
        var text = new EncodingPart();
        text.Add(-1, "", 0, 0, default, special: false, attention: true, 0);
        return [.. processor.Process([text], addSpecialTokens: true).SelectMany(part => part.Ids)];
    }
}

using PeftStudio.Formats.Tokenizers.AddedTokens;
using PeftStudio.Formats.Tokenizers.Json;
using PeftStudio.Formats.Tokenizers.Normalizers;
using PeftStudio.Formats.Tokenizers.PostProcessors;
using PeftStudio.Formats.Tokenizers.PreTokenizers;
using PeftStudio.Formats.Tokenizers.SentencePiece;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Pipeline;

/// <summary>The way of one text through added tokens, normalizer, pre-tokenizer and model. Thread-safe.</summary>
internal sealed class SequenceEncoder(TokenizerJson parts, AddedVocabulary added)
{
    private readonly ByteLevelEncoder? _short = ByteLevelEncoder.For(parts);
    private readonly bool _needsOrigin = NeedsOrigin(parts.PreTokenizer) || parts.Normalizer is SentencePieceNormalizer { NeedsOrigin: true };

    /// <summary>Encodes a text, or one already cut into words, with everything there is to say about each token.</summary>
    internal EncodingPart Encode(IReadOnlyList<string> texts, bool areWords, int typeId, bool specialAsText)
    {
        var part = new EncodingPart { Texts = texts };
        for (var i = 0; i < texts.Count; i++)
        {
            Run(texts[i] ?? throw new ArgumentException("A text is null.", nameof(texts)), specialAsText, new PartCollector(parts, part, typeId, areWords ? i : null));
        }

        return part;
    }

    /// <summary>Encodes a text to ids alone.</summary>
    internal void EncodeIds(string text, bool specialAsText, IdBuffer ids) => Run(text, specialAsText, new IdCollector(parts, _short, ids, _needsOrigin));

    private static bool NeedsOrigin(PreTokenizer? preTokenizer) => preTokenizer switch
    {
        MetaspacePreTokenizer metaspace => metaspace.NeedsOrigin,
        SequencePreTokenizer sequence => sequence.Parts.Any(NeedsOrigin),
        _ => false,
    };

    private void Run(string original, bool specialAsText, Collector collector)
    {
        var text = WellFormed.Text(original);
        var buffer = new PieceBuffer();
        var raw = new List<TextSegment>();
        var normalized = new List<TextSegment>();
        AddedVocabulary.Split(text, added.Raw, specialAsText, raw);
        foreach (var segment in raw)
        {
            if (segment.Token is { } token)
            {
                collector.AddToken(token, text[segment.Start..segment.End], new TokenOffset(segment.Start, segment.End));
                continue;
            }

            if (collector.TryAddText(text.AsSpan(segment.Start, segment.End - segment.Start), added.Normalized.IsEmpty)) continue;
            buffer.Load(text.AsSpan(segment.Start, segment.End - segment.Start), segment.Start, collector.Tracks);
            parts.Normalizer?.Apply(buffer);
            normalized.Clear();
            AddedVocabulary.Split(buffer.Text.Chars, added.Normalized, specialAsText, normalized);
            if (normalized is [{ Token: null }]) EncodePieces(buffer, collector);
            else EncodeSegments(buffer, normalized, collector);
        }
    }

    private void EncodeSegments(PieceBuffer whole, List<TextSegment> segments, Collector collector)
    {
        var buffer = new PieceBuffer();
        foreach (var segment in segments)
        {
            if (segment.Token is { } token)
            {
                var offset = new TokenOffset(whole.Text.StartOf(segment.Start), whole.Text.EndOf(segment.End - 1));
                collector.AddToken(token, whole.Text.Chars[segment.Start..segment.End].ToString(), offset);
                continue;
            }

            buffer.Load(whole.Text, segment.Start, segment.End, collector.Tracks);
            EncodePieces(buffer, collector);
        }
    }

    private void EncodePieces(PieceBuffer buffer, Collector collector)
    {
        if (collector.TryAddNormalized(buffer.Text.Chars)) return;
        parts.PreTokenizer?.Apply(buffer);
        foreach (var piece in buffer.Pieces) collector.AddPiece(buffer, piece);
    }

    /// <summary>Takes what the pipeline finds.</summary>
    private abstract class Collector
    {
        /// <summary>Whether the range of each character in the original text is wanted.</summary>
        internal abstract bool Tracks { get; }

        /// <summary>Takes a stretch of raw text in one go, if it needs no normalizer; <paramref name="whole"/> if it holds no more added tokens.</summary>
        internal virtual bool TryAddText(ReadOnlySpan<char> text, bool whole) => false;

        /// <summary>Takes a stretch of normalised text in one go.</summary>
        internal virtual bool TryAddNormalized(ReadOnlySpan<char> text) => false;

        internal abstract void AddToken(AddedToken token, string text, TokenOffset offset);

        internal abstract void AddPiece(PieceBuffer buffer, Piece piece);
    }

    private sealed class IdCollector(TokenizerJson parts, ByteLevelEncoder? shortWay, IdBuffer ids, bool tracks) : Collector
    {
        private readonly TokenSink _sink = new();

        internal override bool Tracks => tracks;

        internal override bool TryAddText(ReadOnlySpan<char> text, bool whole)
        {
            if (shortWay is null || !whole || !(parts.Normalizer is null || (parts.Normalizer is UnicodeFormNormalizer form && form.IsStable(text)))) return false;
            shortWay.Encode(text, ids);
            return true;
        }

        internal override bool TryAddNormalized(ReadOnlySpan<char> text)
        {
            shortWay?.Encode(text, ids);
            return shortWay is not null;
        }

        internal override void AddToken(AddedToken token, string text, TokenOffset offset) => ids.Add(token.Id);

        internal override void AddPiece(PieceBuffer buffer, Piece piece)
        {
            _sink.Clear();
            parts.Model.Tokenize(buffer.CharsOf(piece), _sink);
            ids.Add(_sink.Ids);
        }
    }

    private sealed class PartCollector(TokenizerJson parts, EncodingPart part, int typeId, int? word) : Collector
    {
        private readonly TokenSink _sink = new();
        private int _pieces;

        internal override bool Tracks => true;

        internal override void AddToken(AddedToken token, string text, TokenOffset offset) =>
            part.Add(token.Id, text, typeId, word ?? _pieces++, offset, special: false, attention: true, 0);

        internal override void AddPiece(PieceBuffer buffer, Piece piece)
        {
            _sink.Clear();
            parts.Model.Tokenize(buffer.CharsOf(piece), _sink);
            var index = word ?? _pieces++;
            for (var i = 0; i < _sink.Count; i++)
            {
                var token = _sink.SurfaceOf(i) ?? parts.Model.Vocabulary.TokenOf(_sink.Ids[i]);
                part.Add(_sink.Ids[i], token, typeId, index, OffsetOf(buffer, piece, _sink.Starts[i], _sink.Ends[i]), special: false, attention: true, 0);
            }
        }

        private static TokenOffset OffsetOf(PieceBuffer buffer, Piece piece, int start, int end)
        {
            var first = Math.Min(piece.Start + start, piece.End - 1);
            return new TokenOffset(buffer.Text.StartOf(first), buffer.Text.EndOf(Math.Max(first, piece.Start + end - 1)));
        }
    }
}

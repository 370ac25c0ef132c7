using System.Buffers;
using System.Text;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>
/// Unigram: of all ways to cut a text into pieces the one with the highest sum of scores (Viterbi). Characters no piece covers are unknown,
/// 10 below the lowest score; neighbouring unknowns are one token, or bytes where the vocabulary has them all.
/// </summary>
internal sealed class UnigramModel : TokenModel
{
    private const double UnknownPenalty = 10;

    private readonly double[] _scores;
    private readonly TextTrie _trie = new();
    private readonly int? _unknownId;
    private readonly int[]? _byteIds;
    private readonly double _unknownScore;

    internal UnigramModel(IReadOnlyList<(string Piece, double Score)> pieces, int? unknownId, bool byteFallback)
    {
        if (unknownId is { } unknown && (unknown < 0 || unknown >= pieces.Count))
        {
            throw TokenizerErrors.Invalid($"an unk_id from 0 to {pieces.Count - 1}", $"{unknown}");
        }

        var ids = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        _scores = new double[pieces.Count];
        for (var id = 0; id < pieces.Count; id++)
        {
            ids[pieces[id].Piece] = id;
            _scores[id] = pieces[id].Score;
            if (pieces[id].Piece.Length > 0) _trie.Add(pieces[id].Piece, id);
        }

        Vocabulary = new Vocabulary(ids, pieces.Count);
        _unknownId = unknownId;
        _unknownScore = _scores.DefaultIfEmpty(double.PositiveInfinity).Min() - UnknownPenalty;
        var bytes = Enumerable.Range(0, 256).Select(b => Vocabulary.IdOf($"<0x{b:X2}>") ?? -1).ToArray();
        _byteIds = byteFallback ? bytes : null;
    }

    internal override Vocabulary Vocabulary { get; }

    internal override void Tokenize(ReadOnlySpan<char> piece, TokenSink sink)
    {
        var ids = ArrayPool<int>.Shared.Rent(piece.Length + 1);
        var starts = ArrayPool<int>.Shared.Rent(piece.Length + 1);
        var scores = ArrayPool<double>.Shared.Rent(piece.Length + 1);
        try
        {
            FindBestPath(piece, ids, starts, scores);
            Emit(piece, ids, starts, sink);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(ids);
            ArrayPool<int>.Shared.Return(starts);
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    /// <summary>For each position the last token of the best way there, and where it begins.</summary>
    private void FindBestPath(ReadOnlySpan<char> text, int[] ids, int[] starts, double[] scores)
    {
        starts.AsSpan(0, text.Length + 1).Fill(-1);
        scores[0] = 0;
        for (var from = 0; from < text.Length;)
        {
            var here = scores[from];
            var width = from + 1 < text.Length && char.IsSurrogatePair(text[from], text[from + 1]) ? 2 : 1;
            var hasCharacter = false;
            var node = TextTrie.Root;
            for (var to = from; to < text.Length;)
            {
                node = _trie.Step(node, text[to++]);
                if (node == TextTrie.None) break;
                var id = _trie.ValueOf(node);
                if (id == TextTrie.None) continue;
                hasCharacter |= to - from == width;
                Offer(to, id, here + _scores[id]);
            }

            if (!hasCharacter) Offer(from + width, _unknownId ?? throw MissingUnknown(), here + _unknownScore);
            from += width;

            void Offer(int end, int id, double score)
            {
                if (starts[end] >= 0 && score <= scores[end]) return;
                (scores[end], starts[end], ids[end]) = (score, from, id);
            }
        }
    }

    /// <summary>Walks the best path backwards, joins unknowns, and hands tokens out in order.</summary>
    private void Emit(ReadOnlySpan<char> text, int[] ids, int[] starts, TokenSink sink)
    {
        // The path is turned around in place: ends[start] takes the place of starts[end].
        for (int end = text.Length, next = -1; end >= 0;)
        {
            var start = end == 0 ? -1 : starts[end];
            starts[end] = next;
            next = end;
            end = start;
        }

        for (var start = 0; start < text.Length;)
        {
            var end = starts[start];
            var id = ids[end];
            if (id == _unknownId)
            {
                while (end < text.Length && ids[starts[end]] == _unknownId) end = starts[end];
            }

            EmitOne(text, start, end, sink);
            start = end;
        }
    }

    private void EmitOne(ReadOnlySpan<char> text, int start, int end, TokenSink sink)
    {
        var surface = text[start..end];
        if (Vocabulary.Lookup.TryGetValue(surface, out var id))
        {
            sink.Add(id, start, end);
            return;
        }

        if (_byteIds is not null && TryEmitBytes(surface, start, end, sink)) return;
        sink.Add(_unknownId ?? throw MissingUnknown(), start, end, surface.ToString());
    }

    private bool TryEmitBytes(ReadOnlySpan<char> surface, int start, int end, TokenSink sink)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(surface)];
        Encoding.UTF8.GetBytes(surface, bytes);
        if (Array.Exists(bytes, value => _byteIds![value] < 0)) return false;
        foreach (var value in bytes) sink.Add(_byteIds![value], start, end);
        return true;
    }

    private static PeftStudioException MissingUnknown() => TokenizerErrors.Invalid("text with unknown characters", "a Unigram model without unk_id");
}

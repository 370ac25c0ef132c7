using System.Buffers;
using PeftStudio.Formats.Tokenizers.Models;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.SentencePiece;

/// <summary>
/// SentencePiece's byte pair encoding: the neighbours whose joined text is the piece of highest score merge first, leftmost among equals. User-defined
/// pieces are units that never merge; unused pieces may be formed on the way but come apart again at the end.
/// </summary>
internal sealed class ScoreBpeModel : TokenModel
{
    private readonly SentencePieceVocabulary _pieces;
    private readonly int[] _ranks;

    internal ScoreBpeModel(SentencePieceVocabulary pieces)
    {
        _pieces = pieces;
        var scores = pieces.File.Pieces.Select(p => p.Score).Distinct().OrderDescending().Select((score, rank) => (score, rank)).ToDictionary(p => p.score, p => p.rank);
        _ranks = [.. pieces.File.Pieces.Select(p => scores[p.Score])];
    }

    internal override Vocabulary Vocabulary => _pieces.Ids;

    internal override void Tokenize(ReadOnlySpan<char> piece, TokenSink sink)
    {
        var buffer = ArrayPool<int>.Shared.Rent(checked((piece.Length + 1) * 4));
        var halves = new Dictionary<(int Start, int End), int>();
        try
        {
            var run = new Run(piece, _pieces, _ranks, buffer, halves);
            run.Merge();
            var lastUnknown = -1;
            for (var start = 0; start < piece.Length;)
            {
                var end = run.EndOf(start);
                Emit(piece, start, end, halves, sink, ref lastUnknown);
                start = end;
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(buffer);
        }
    }

    /// <summary>Emits a symbol; an unused piece comes apart into what it was merged from, with a stack instead of recursion.</summary>
    private void Emit(ReadOnlySpan<char> text, int start, int end, Dictionary<(int Start, int End), int> halves, TokenSink sink, ref int lastUnknown)
    {
        if (halves.Count == 0)
        {
            _pieces.Emit(text, start, end, _pieces.IdOf(text[start..end]), sink, ref lastUnknown);
            return;
        }

        var open = new Stack<(int Start, int End)>();
        open.Push((start, end));
        while (open.TryPop(out var part))
        {
            var id = _pieces.IdOf(text[part.Start..part.End]);
            if (_pieces.TypeOf(id) == PieceType.Unused && halves.TryGetValue(part, out var middle))
            {
                open.Push((middle, part.End));
                open.Push((part.Start, middle));
                continue;
            }

            _pieces.Emit(text, part.Start, part.End, id, sink, ref lastUnknown);
        }
    }

    /// <summary>The merging of one text. Symbols are named by where they begin.</summary>
    private readonly ref struct Run
    {
        private readonly ReadOnlySpan<char> _text;
        private readonly SentencePieceVocabulary _pieces;
        private readonly int[] _rankOf;
        private readonly Span<int> _ends;
        private readonly Span<int> _previous;
        private readonly Span<int> _ranks;
        private readonly Span<int> _frozen;
        private readonly Dictionary<(int Start, int End), int> _halves;

        internal Run(ReadOnlySpan<char> text, SentencePieceVocabulary pieces, int[] rankOf, int[] buffer, Dictionary<(int Start, int End), int> halves)
        {
            _text = text;
            (_pieces, _rankOf, _halves) = (pieces, rankOf, halves);
            var size = text.Length + 1;
            _ends = buffer.AsSpan(0, size);
            _previous = buffer.AsSpan(size, size);
            _ranks = buffer.AsSpan(2 * size, size);
            _frozen = buffer.AsSpan(3 * size, size);
            for (int start = 0, previous = -1; start < text.Length;)
            {
                var isUser = pieces.UserDefined.Longest(text[start..], out var length) != TextTrie.None;
                if (!isUser) length = char.IsHighSurrogate(text[start]) && start + 1 < text.Length ? 2 : 1;
                _ends[start] = start + length;
                _previous[start] = previous;
                _ranks[start] = MergeTable.None;
                _frozen[start] = isUser ? 1 : 0;
                previous = start;
                start += length;
            }
        }

        internal readonly int EndOf(int start) => _ends[start];

        internal readonly void Merge()
        {
            using var queue = new RankHeap(_text.Length);
            for (var start = 0; start < _text.Length; start = _ends[start]) Offer(start, queue);
            while (queue.TryPop(out var rank, out var left))
            {
                if (_ranks[left] != rank) continue;
                var right = _ends[left];
                _ends[left] = _ends[right];
                _ranks[right] = MergeTable.None;
                if (_ends[left] < _text.Length) _previous[_ends[left]] = left;
                Offer(left, queue);
                if (_previous[left] >= 0) Offer(_previous[left], queue);
            }
        }

        private readonly void Offer(int left, RankHeap queue)
        {
            var right = _ends[left];
            _ranks[left] = MergeTable.None;
            if (right >= _text.Length || _frozen[left] + _frozen[right] > 0) return;
            var id = _pieces.Formed(_text[left.._ends[right]]);
            if (id < 0) return;
            _ranks[left] = _rankOf[id];
            queue.Push(_rankOf[id], left);
            if (_pieces.TypeOf(id) == PieceType.Unused) _halves[(left, _ends[right])] = right;
        }
    }
}

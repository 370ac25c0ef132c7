using System.Buffers;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>The pieces of a Unigram model and the search for the best way through a text (Viterbi, first found wins ties).</summary>
internal sealed class UnigramLattice
{
    private readonly TextTrie _trie = new();
    private readonly double[] _scores;
    private readonly bool _singlePrecision;

    /// <summary>Builds the search.</summary>
    /// <param name="pieces">Text, id and score of each piece that text can become; a later one of the same text wins.</param>
    /// <param name="size">Number of ids.</param>
    /// <param name="singlePrecision">Whether sums are rounded to 32 bits, as SentencePiece does.</param>
    internal UnigramLattice(IEnumerable<(string Text, int Id, double Score)> pieces, int size, bool singlePrecision)
    {
        _scores = new double[size];
        _singlePrecision = singlePrecision;
        foreach (var (text, id, score) in pieces)
        {
            if (text.Length == 0) continue;
            _trie.Add(text, id);
            _scores[id] = score;
        }
    }

    /// <summary>Score of a character that no piece covers.</summary>
    internal required double UnknownScore { get; init; }

    /// <summary>Its id, or null if there is none; then such a text is refused.</summary>
    internal required int? UnknownId { get; init; }

    /// <summary>Finds the best way through a text.</summary>
    /// <returns>Ids and ends by position: the token that begins at a position ends at <c>Ends[position]</c> and has the id <c>Ids[end]</c>. Return both to the shared pool.</returns>
    internal (int[] Ids, int[] Ends) FindBestPath(ReadOnlySpan<char> text)
    {
        var ids = ArrayPool<int>.Shared.Rent(text.Length + 1);
        var starts = ArrayPool<int>.Shared.Rent(text.Length + 1);
        var scores = ArrayPool<double>.Shared.Rent(text.Length + 1);
        try
        {
            Search(text, ids, starts, scores);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scores);
        }

        // The path is turned around in place: the start of what ends here becomes the end of what starts here.
        for (int end = text.Length, next = -1; end >= 0;)
        {
            var start = end == 0 ? -1 : starts[end];
            starts[end] = next;
            next = end;
            end = start;
        }

        return (ids, starts);
    }

    private void Search(ReadOnlySpan<char> text, int[] ids, int[] starts, double[] scores)
    {
        starts.AsSpan(0, text.Length + 1).Fill(-1);
        scores[0] = 0;
        for (var from = 0; from < text.Length;)
        {
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
                Offer(from, to, id, _scores[id], ids, starts, scores);
            }

            if (!hasCharacter)
            {
                var unknown = UnknownId ?? throw TokenizerErrors.Invalid("text with unknown characters", "a Unigram model without an unknown piece");
                Offer(from, from + width, unknown, UnknownScore, ids, starts, scores);
            }

            from += width;
        }
    }

    private void Offer(int start, int end, int id, double score, int[] ids, int[] starts, double[] scores)
    {
        var sum = _singlePrecision ? (float)score + (float)scores[start] : score + scores[start];
        if (starts[end] >= 0 && sum <= scores[end]) return;
        scores[end] = sum;
        starts[end] = start;
        ids[end] = id;
    }
}

using System.Buffers;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>
/// Byte pair encoding proper: as long as some neighbouring pair has a rank, merge the lowest, leftmost first. Short words are searched
/// again after every merge; long ones go through a heap, so a megabyte without a space takes n·log n steps.
/// </summary>
internal static class SymbolMerger
{
    /// <summary>Words of up to so many symbols are searched, longer ones use the heap.</summary>
    internal const int SearchLimit = 48;

    /// <summary>Merges in place.</summary>
    /// <param name="symbols">Ids.</param>
    /// <param name="ends">For each symbol the end of its text, kept in step; or empty.</param>
    /// <param name="merges">Which pairs merge.</param>
    /// <returns>How many symbols are left, at the beginning of both spans.</returns>
    internal static int Merge(Span<int> symbols, Span<int> ends, MergeTable merges) =>
        symbols.Length <= SearchLimit ? MergeBySearch(symbols, ends, merges) : MergeByHeap(symbols, ends, merges);

    /// <summary>Merges in place where only the ids are wanted.</summary>
    internal static int Merge(Span<int> symbols, MergeTable merges) => Merge(symbols, [], merges);

    /// <summary>Quadratic, without allocation.</summary>
    internal static int MergeBySearch(Span<int> symbols, Span<int> ends, MergeTable merges)
    {
        var count = symbols.Length;
        if (count < 2) return count;
        Span<int> ranks = stackalloc int[SearchLimit];
        Span<int> merged = stackalloc int[SearchLimit];
        for (var i = 0; i < count - 1; i++) ranks[i] = merges.Rank(symbols[i], symbols[i + 1], out merged[i]);
        while (count > 1)
        {
            var best = 0;
            var lowest = ranks[0];
            for (var i = 1; i < count - 1; i++)
            {
                if (ranks[i] >= lowest) continue;
                lowest = ranks[i];
                best = i;
            }

            if (lowest == MergeTable.None) break;
            symbols[best] = merged[best];
            count--;
            symbols[(best + 2)..(count + 1)].CopyTo(symbols[(best + 1)..]);
            if (!ends.IsEmpty) ends[(best + 1)..(count + 1)].CopyTo(ends[best..]);
            if (best + 1 < count)
            {
                ranks[(best + 2)..count].CopyTo(ranks[(best + 1)..]);
                merged[(best + 2)..count].CopyTo(merged[(best + 1)..]);
                ranks[best] = merges.Rank(symbols[best], symbols[best + 1], out merged[best]);
            }

            if (best > 0) ranks[best - 1] = merges.Rank(symbols[best - 1], symbols[best], out merged[best - 1]);
        }

        return count;
    }

    /// <summary>n·log n, with buffers from the shared pool.</summary>
    internal static int MergeByHeap(Span<int> symbols, Span<int> ends, MergeTable merges)
    {
        var count = symbols.Length;
        var buffer = ArrayPool<int>.Shared.Rent(checked(count * 4));
        try
        {
            var next = buffer.AsSpan(0, count);
            var previous = buffer.AsSpan(count, count);
            var ranks = buffer.AsSpan(2 * count, count);
            var merged = buffer.AsSpan(3 * count, count);
            using var heap = new RankHeap(count);
            for (var i = 0; i < count; i++)
            {
                next[i] = i + 1;
                previous[i] = i - 1;
                ranks[i] = MergeTable.None;
                if (i + 1 < count) ranks[i] = merges.Rank(symbols[i], symbols[i + 1], out merged[i]);
                if (ranks[i] != MergeTable.None) heap.Append(ranks[i], i);
            }

            heap.Order();
            while (heap.TryPop(out var rank, out var at))
            {
                // A pair that has changed since it was pushed has another rank now, or none.
                if (ranks[at] != rank) continue;
                var right = next[at];
                symbols[at] = merged[at];
                if (!ends.IsEmpty) ends[at] = ends[right];
                next[at] = next[right];
                ranks[right] = MergeTable.None;
                ranks[at] = MergeTable.None;
                if (next[at] < count)
                {
                    previous[next[at]] = at;
                    ranks[at] = merges.Rank(symbols[at], symbols[next[at]], out merged[at]);
                    if (ranks[at] != MergeTable.None) heap.Push(ranks[at], at);
                }

                var before = previous[at];
                if (before < 0) continue;
                ranks[before] = merges.Rank(symbols[before], symbols[at], out merged[before]);
                if (ranks[before] != MergeTable.None) heap.Push(ranks[before], before);
            }

            return Compact(symbols, ends, next);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(buffer);
        }
    }

    private static int Compact(Span<int> symbols, Span<int> ends, ReadOnlySpan<int> next)
    {
        var count = 0;
        for (var at = 0; at < symbols.Length; at = next[at])
        {
            symbols[count] = symbols[at];
            if (!ends.IsEmpty) ends[count] = ends[at];
            count++;
        }

        return count;
    }
}

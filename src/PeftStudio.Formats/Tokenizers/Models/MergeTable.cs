using System.Numerics;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>
/// What two neighbouring symbols merge into, and how early: a flat hash table with open addressing, so that a lookup is one multiplication and
/// mostly one cache line.
/// </summary>
internal sealed class MergeTable
{
    /// <summary>Rank of a pair that does not merge.</summary>
    internal const int None = int.MaxValue;

    private readonly Entry[] _entries;
    private readonly int _shift;

    /// <summary>Builds the table.</summary>
    /// <param name="capacity">At most so many pairs will be added.</param>
    internal MergeTable(int capacity)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, capacity * 2L));
        _entries = new Entry[size];
        Array.Fill(_entries, new Entry(-1, -1, None, -1));
        _shift = 64 - BitOperations.Log2(size);
    }

    /// <summary>Adds a pair; a later rank for the same pair wins, as in the reference implementation.</summary>
    internal void Add(int left, int right, int rank, int merged)
    {
        var i = Find(left, right);
        _entries[i] = new Entry(left, right, rank, merged);
    }

    /// <summary>Rank of a pair, or <see cref="None"/>; lower merges first.</summary>
    internal int Rank(int left, int right, out int merged)
    {
        ref readonly var entry = ref _entries[Find(left, right)];
        merged = entry.Merged;
        return entry.Rank;
    }

    private int Find(int left, int right)
    {
        var key = ((ulong)(uint)left << 32) | (uint)right;
        var mask = _entries.Length - 1;
        for (var i = (int)((key * 0x9E3779B97F4A7C15UL) >> _shift); ; i = (i + 1) & mask)
        {
            ref readonly var entry = ref _entries[i];
            if ((entry.Left == left && entry.Right == right) || entry.Left < 0) return i;
        }
    }

    private readonly record struct Entry(int Left, int Right, int Rank, int Merged);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>
/// Words and their ids, in a table of fixed size in which a new word takes the place of an old one. Readers take no lock: an entry never changes once it
/// is in the table.
/// </summary>
internal sealed class WordCache
{
    /// <summary>Longer words are not kept.</summary>
    internal const int LongestWord = 48;

    private const int Slots = 1 << 15;
    private const ulong Mix = 0x9E3779B97F4A7C15;

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>A word's ids, if it is in the table.</summary>
    /// <param name="word">At most <see cref="LongestWord"/> UTF-16 units.</param>
    /// <param name="hash">Its hash, for <see cref="Add"/>.</param>
    /// <param name="ids">The ids.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGet(ReadOnlySpan<char> word, out ulong hash, out ReadOnlySpan<int> ids)
    {
        hash = Hash(word);
        var slot = (int)(hash >> 49);
        var entry = Volatile.Read(ref _entries[slot]);
        if (entry is null || entry.Hash != hash || !word.SequenceEqual(entry.Word))
        {
            entry = Volatile.Read(ref _entries[slot ^ 1]);
            if (entry is null || entry.Hash != hash || !word.SequenceEqual(entry.Word))
            {
                ids = default;
                return false;
            }
        }

        ids = entry.Ids;
        return true;
    }

    /// <summary>Puts a word into the first of its two places that is free, else into the first.</summary>
    internal void Add(ReadOnlySpan<char> word, ulong hash, ReadOnlySpan<int> ids)
    {
        var slot = (int)(hash >> 49);
        if (_entries[slot] is { } old)
        {
            Volatile.Write(ref _entries[slot ^ 1], old);
        }

        Volatile.Write(ref _entries[slot], new Entry(hash, word.ToArray(), ids.ToArray()));
    }

    private static ulong Hash(ReadOnlySpan<char> word)
    {
        var bytes = MemoryMarshal.AsBytes(word);
        var hash = (ulong)bytes.Length * Mix;
        while (bytes.Length >= 8)
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes)) * Mix;
            hash ^= hash >> 29;
            bytes = bytes[8..];
        }

        if (bytes.Length >= 4)
        {
            hash = (hash ^ MemoryMarshal.Read<uint>(bytes)) * Mix;
            hash ^= hash >> 29;
            bytes = bytes[4..];
        }

        if (bytes.Length >= 2) hash = (hash ^ MemoryMarshal.Read<ushort>(bytes)) * Mix;
        return hash ^ (hash >> 32);
    }

    private sealed record Entry(ulong Hash, char[] Word, int[] Ids);
}

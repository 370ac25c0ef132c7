using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace PeftStudio.Formats.Tokenizers.Text;

/// <summary>
/// SentencePiece's compiled normalisation rules: the size of a double-array trie, its units, then a pool of NUL-terminated UTF-8 replacements.
/// Every index is checked, for the bytes come from a file.
/// </summary>
internal sealed class Charsmap
{
    private readonly uint[] _units;
    private readonly byte[] _pool;

    internal Charsmap(ReadOnlySpan<byte> bytes)
    {
        var size = bytes.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
        if (bytes.Length < 4 || size > bytes.Length - 4 || size % 4 != 0)
        {
            throw TokenizerErrors.Invalid("a precompiled charsmap", $"{bytes.Length} bytes that do not hold the trie of {size} bytes they announce");
        }

        _units = MemoryMarshal.Cast<byte, uint>(bytes.Slice(4, (int)size)).ToArray();
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(_units, _units);
        _pool = bytes[(4 + (int)size)..].ToArray();
    }

    /// <summary>Finds a rule that matches a prefix.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="longest">The longest rule, as SentencePiece does; otherwise the shortest, as the Rust form does.</param>
    /// <param name="length">Length of the matched prefix.</param>
    /// <param name="replacement">UTF-8 to put in its place.</param>
    internal bool TryFind(ReadOnlySpan<byte> text, bool longest, out int length, out ReadOnlySpan<byte> replacement)
    {
        length = 0;
        replacement = default;
        if (_units.Length == 0) return false;
        var found = -1;
        var node = Offset(_units[0]);
        for (var i = 0; i < text.Length && text[i] != 0; i++)
        {
            node ^= text[i];
            if (node >= (uint)_units.Length) break;
            var unit = _units[node];
            if ((unit & 0x800000FF) != text[i]) break;
            node ^= Offset(unit);
            if (((unit >> 8) & 1) == 0) continue;
            if (node >= (uint)_units.Length) break;
            found = (int)(_units[node] & 0x7FFFFFFF);
            length = i + 1;
            if (!longest) break;
        }

        if (found < 0 || found > _pool.Length) return false;
        var rest = _pool.AsSpan(found);
        var end = rest.IndexOf((byte)0);
        replacement = end < 0 ? rest : rest[..end];
        return true;
    }

    /// <summary>Whether any rule begins with a character; ASCII is answered exactly, anything else with yes.</summary>
    internal bool CanStart(char first)
    {
        if (first >= 128) return true;
        if (_units.Length == 0) return false;
        var node = Offset(_units[0]) ^ first;
        return node < (uint)_units.Length && (_units[node] & 0x800000FF) == first;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}

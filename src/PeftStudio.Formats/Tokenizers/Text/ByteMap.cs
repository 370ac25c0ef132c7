using System.Text;

namespace PeftStudio.Formats.Tokenizers.Text;

/// <summary>GPT-2's map between bytes and printable characters: bytes that print in Latin-1 stand for themselves, the other 68 follow from U+0100.</summary>
internal static class ByteMap
{
    private static readonly char[] Chars = BuildChars();
    private static readonly short[] Bytes = BuildBytes();

    internal static char CharOf(byte value) => Chars[value];

    /// <summary>The byte a character stands for, or −1.</summary>
    internal static int ByteOf(char value) => value < Bytes.Length ? Bytes[value] : -1;

    /// <summary>Appends a part of <paramref name="source"/> with each byte written as its character.</summary>
    internal static void Append(AlignedText source, int start, int end, AlignedText target)
    {
        Span<byte> bytes = stackalloc byte[4];
        Span<char> mapped = stackalloc char[4];
        while (start < end)
        {
            Rune.DecodeFromUtf16(source.Chars[start..end], out var rune, out var width);
            var count = rune.EncodeToUtf8(bytes);
            for (var b = 0; b < count; b++) mapped[b] = CharOf(bytes[b]);
            target.AppendNew(mapped[..count], source, start);
            start += width;
        }
    }

    private static char[] BuildChars()
    {
        var chars = new char[256];
        var next = (char)0x100;
        for (var b = 0; b < 256; b++)
        {
            var prints = b is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            chars[b] = prints ? (char)b : next++;
        }

        return chars;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[Chars.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var b = 0; b < 256; b++) bytes[Chars[b]] = (short)b;
        return bytes;
    }
}

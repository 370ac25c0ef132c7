using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.PostProcessors;

/// <summary>Takes leading and trailing white space of byte-level tokens out of their offsets.</summary>
internal static class OffsetTrimming
{
    private static readonly char SpaceByte = ByteMap.CharOf((byte)' ');

    internal static void Apply(EncodingPart part, bool addPrefixSpace)
    {
        for (var i = 0; i < part.Count; i++) part.Offsets[i] = Trim(part.Tokens[i]!, part.Offsets[i], part.TextOf(i), isFirst: i == 0, addPrefixSpace);
        part.Overflowing.ForEach(overflow => Apply(overflow, addPrefixSpace));
    }

    private static TokenOffset Trim(string token, TokenOffset offset, string text, bool isFirst, bool addPrefixSpace)
    {
        var leading = 0;
        while (leading < token.Length && IsSpace(token[leading])) leading++;
        var trailing = 0;
        while (trailing < token.Length && IsSpace(token[^(trailing + 1)])) trailing++;
        var (start, end) = (offset.Start, offset.End);

        // One space at the beginning is the one that was put there, and takes no room in the text.
        if (leading == 1 && addPrefixSpace && (isFirst || start == 0)) leading = 0;
        while (leading-- > 0 && start < end) start += IsPair(text, start) ? 2 : 1;
        start = Math.Min(start, end);
        var back = end;
        while (trailing > 0 && back > 0)
        {
            back -= IsPair(text, back - 2) ? 2 : 1;
            trailing--;
        }

        // Where the text has fewer characters than that, the end stays.
        if (trailing == 0) end = Math.Max(back, start);
        return new TokenOffset(start, end);
    }

    private static bool IsPair(string text, int index) => index >= 0 && index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]);

    private static bool IsSpace(char c) => c == SpaceByte || char.IsWhiteSpace(c);
}

using System.Globalization;
using System.Text;

namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// The first characters of something that a dataset holds, safe to print: control characters are escaped, so that no line of a message or log can be forged.
/// </summary>
internal static class Excerpt
{
    private const int Longest = 60;

    internal static string Of(ReadOnlySpan<byte> utf8) => Of(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * Longest)]));

    internal static string Of(ReadOnlySpan<char> text)
    {
        if (text.IsWhiteSpace()) return "(nothing)";
        var result = new StringBuilder(Longest + 1);
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (count++ == Longest) return result.Append('…').ToString();
            if (IsPrintable(rune)) result.Append(rune.ToString());
            else result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        }

        return result.ToString();
    }

    // Format characters change the direction of text, or hide it.
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}

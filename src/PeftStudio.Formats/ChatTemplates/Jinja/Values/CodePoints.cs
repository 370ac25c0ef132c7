using System.Text;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>
/// Positions in code points, as Python counts them, over .NET's UTF-16 text. Most texts have no surrogates: then the two counts are one.
/// A surrogate without its partner is a code point of its own.
/// </summary>
internal static class CodePoints
{
    private static readonly string[] SingleAscii = [.. Enumerable.Range(0, 128).Select(static i => ((char)i).ToString())];

    /// <summary>Whether a position in code points is a position in UTF-16 units.</summary>
    internal static bool AreUnits(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0;

    internal static int Count(string text) => Count(text.AsSpan());

    internal static int Count(ReadOnlySpan<char> text)
    {
        var first = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (first < 0) return text.Length;
        var count = first;
        for (var i = first; i < text.Length; i += UnitsAt(text, i)) count++;
        return count;
    }

    /// <summary>The unit where a code point begins; the length of the text for the position behind its last.</summary>
    internal static int UnitOf(string text, int position)
    {
        if (AreUnits(text)) return position;
        var unit = 0;
        for (var i = 0; i < position && unit < text.Length; i++) unit += UnitsAt(text, unit);
        return unit;
    }

    /// <summary>Units of the code point that begins here: 1 or 2.</summary>
    internal static int UnitsAt(ReadOnlySpan<char> text, int unit) =>
        char.IsHighSurrogate(text[unit]) && unit + 1 < text.Length && char.IsLowSurrogate(text[unit + 1]) ? 2 : 1;

    /// <summary>The code point that begins here.</summary>
    internal static int ValueAt(ReadOnlySpan<char> text, int unit) =>
        UnitsAt(text, unit) == 2 ? char.ConvertToUtf32(text[unit], text[unit + 1]) : text[unit];

    /// <summary>Each code point as a text of its own.</summary>
    internal static IEnumerable<string> Split(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            var units = UnitsAt(text, i);
            yield return units == 1 && text[i] < SingleAscii.Length ? SingleAscii[text[i]] : text.Substring(i, units);
            i += units;
        }
    }

    /// <summary>Order by code points: unlike the order of units it puts the supplementary planes last.</summary>
    internal static int Compare(string x, string y)
    {
        var shared = x.AsSpan().CommonPrefixLength(y);
        if (shared == x.Length || shared == y.Length) return x.Length.CompareTo(y.Length);
        char a = x[shared], b = y[shared];
        if (char.IsSurrogate(a) != char.IsSurrogate(b)) return ValueOrder(x, shared).CompareTo(ValueOrder(y, shared));
        return a.CompareTo(b);
    }

    /// <summary>Appends a code point, a lone surrogate included.</summary>
    internal static void Append(StringBuilder text, int value)
    {
        if (value > char.MaxValue) text.Append(char.ConvertFromUtf32(value));
        else text.Append((char)value);
    }

    private static int ValueOrder(string text, int unit)
    {
        if (char.IsLowSurrogate(text[unit]) && unit > 0 && char.IsHighSurrogate(text[unit - 1])) unit--;
        return ValueAt(text, unit);
    }
}

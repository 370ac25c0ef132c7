using System.Globalization;
using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Formatting;

/// <summary>Texts and bytes in quotes, as Python's <c>repr</c> writes them.</summary>
internal static class TextRepr
{
    /// <summary>Single quotes, unless the text holds one and no double quote; what does not print is escaped.</summary>
    internal static void Write(StringBuilder target, string text, Meter meter)
    {
        meter.Read(text.Length);
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        target.Append(quote);
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i)) Write(target, CodePoints.ValueAt(text, i), quote);
        target.Append(quote);
    }

    internal static void Write(StringBuilder target, byte[] bytes)
    {
        var quote = bytes.Contains((byte)'\'') && !bytes.Contains((byte)'"') ? '"' : '\'';
        target.Append('b').Append(quote);
        foreach (var value in bytes)
        {
            if (value is >= 0x20 and < 0x7F) Write(target, value, quote);
            else if (value is (byte)'\n' or (byte)'\r' or (byte)'\t') Write(target, value, quote);
            else target.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
        }

        target.Append(quote);
    }

    /// <summary>Whether Python prints a code point as it is.</summary>
    internal static bool IsPrintable(int value)
    {
        if (value == ' ') return true;
        if (value is >= 0xD800 and <= 0xDFFF) return false;
        return Rune.GetUnicodeCategory(new Rune(value)) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
    }

    private static void Write(StringBuilder target, int value, char quote)
    {
        switch (value)
        {
            case '\\': target.Append("\\\\"); break;
            case '\n': target.Append("\\n"); break;
            case '\r': target.Append("\\r"); break;
            case '\t': target.Append("\\t"); break;
            case var _ when value == quote: target.Append('\\').Append(quote); break;
            case var _ when IsPrintable(value): CodePoints.Append(target, value); break;
            case < 0x100: target.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}"); break;
            case < 0x10000: target.Append(CultureInfo.InvariantCulture, $"\\u{value:x4}"); break;
            default: target.Append(CultureInfo.InvariantCulture, $"\\U{value:x8}"); break;
        }
    }
}

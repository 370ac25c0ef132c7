using System.Globalization;
using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Text;

/// <summary>Classes of code points as Python's <c>str.is…</c> methods see them.</summary>
internal static class CharacterClasses
{
    /// <summary>Small letters that are no "lowercase letter" by category: Other_Lowercase of the Unicode database, as pairs of bounds.</summary>
    private static readonly int[] OtherLower =
    [
        0xAA, 0xAA, 0xBA, 0xBA, 0x2B0, 0x2B8, 0x2C0, 0x2C1, 0x2E0, 0x2E4, 0x345, 0x345, 0x37A, 0x37A, 0x1D2C, 0x1D6A, 0x1D78, 0x1D78,
        0x1D9B, 0x1DBF, 0x2071, 0x2071, 0x207F, 0x207F, 0x2090, 0x209C, 0x2170, 0x217F, 0x24D0, 0x24E9, 0x2C7C, 0x2C7D, 0xA69C, 0xA69D,
        0xA770, 0xA770, 0xA7F8, 0xA7F9, 0xAB5C, 0xAB5F, 0x10780, 0x10780, 0x10783, 0x10785, 0x10787, 0x107B0, 0x107B2, 0x107BA,
    ];

    /// <summary>The same for capitals.</summary>
    private static readonly int[] OtherUpper = [0x2160, 0x216F, 0x24B6, 0x24CF, 0x1F130, 0x1F149, 0x1F150, 0x1F169, 0x1F170, 0x1F189];

    /// <summary>White space of <c>strip</c>, <c>split</c> and <c>\s</c>: .NET's and the four separators U+001C to U+001F.</summary>
    internal static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1C' and <= '\x1F';

    /// <summary>Where <c>splitlines</c> ends a line.</summary>
    internal static bool IsLineEnd(char c) => c is (>= '\n' and <= '\r') or (>= '\x1C' and <= '\x1E') or '\x85' or '\u2028' or '\u2029';

    internal static bool IsLower(int value) => Category(value) == UnicodeCategory.LowercaseLetter || Within(OtherLower, value);

    internal static bool IsUpper(int value) => Category(value) == UnicodeCategory.UppercaseLetter || Within(OtherUpper, value);

    internal static bool IsTitle(int value) => Category(value) == UnicodeCategory.TitlecaseLetter;

    internal static bool IsCased(int value) => IsLower(value) || IsUpper(value) || IsTitle(value);

    internal static bool IsAlpha(int value) => Category(value) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    internal static bool IsDecimal(int value) => Category(value) == UnicodeCategory.DecimalDigitNumber;

    internal static bool IsDigit(int value) => Text(value) is { } text && CharUnicodeInfo.GetDigitValue(text, 0) >= 0;

    internal static bool IsNumeric(int value) => Text(value) is { } text && CharUnicodeInfo.GetNumericValue(text, 0) >= 0
        || Category(value) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    internal static bool IsAlphanumeric(int value) => IsAlpha(value) || IsDecimal(value) || IsDigit(value) || IsNumeric(value);

    /// <summary>Characters of <c>\w</c>.</summary>
    internal static bool IsWord(int value) => value == '_' || IsAlphanumeric(value);

    /// <summary>Characters of which a name is made.</summary>
    internal static bool IsNamePart(int value) => IsWord(value) || Category(value) is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;

    /// <summary>Characters a name may begin with.</summary>
    internal static bool IsNameStart(int value) => value == '_' || IsAlpha(value) || Category(value) == UnicodeCategory.LetterNumber;

    /// <summary>Whether a text is a Python identifier.</summary>
    internal static bool IsIdentifier(string text)
    {
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            var value = CodePoints.ValueAt(text, i);
            if (!(i == 0 ? IsNameStart(value) : IsNamePart(value) && Category(value) != UnicodeCategory.OtherNumber)) return false;
        }

        return text.Length > 0;
    }

    /// <summary>Characters that the rule for the final sigma looks through.</summary>
    internal static bool IsCaseIgnorable(int value) => Category(value) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || value is '\'' or '.' or ':' or 0xB7 or 0x387 or 0x55F or 0x5F4 or 0x2018 or 0x2019 or 0x2024 or 0x2027
            or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E or 0xFF1A;

    private static UnicodeCategory Category(int value) =>
        Rune.TryCreate(value, out var rune) ? Rune.GetUnicodeCategory(rune) : UnicodeCategory.Surrogate;

    private static string? Text(int value) => Rune.TryCreate(value, out var rune) ? rune.ToString() : null;

    private static bool Within(int[] bounds, int value)
    {
        for (var i = 0; i < bounds.Length && value >= bounds[i]; i += 2)
        {
            if (value <= bounds[i + 1]) return true;
        }

        return false;
    }
}

using System.Globalization;
using System.Text;
using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.Patterns;

/// <summary>The classes that a pattern can name: <c>\p{…}</c>, POSIX brackets and the one-letter escapes, with Oniguruma's meaning for Unicode text.</summary>
internal static class NamedClasses
{
    private static readonly Dictionary<string, UnicodeCategory[]> Categories = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Lu"] = [UnicodeCategory.UppercaseLetter], ["Ll"] = [UnicodeCategory.LowercaseLetter], ["Lt"] = [UnicodeCategory.TitlecaseLetter],
        ["Lm"] = [UnicodeCategory.ModifierLetter], ["Lo"] = [UnicodeCategory.OtherLetter],
        ["Mn"] = [UnicodeCategory.NonSpacingMark], ["Mc"] = [UnicodeCategory.SpacingCombiningMark], ["Me"] = [UnicodeCategory.EnclosingMark],
        ["Nd"] = [UnicodeCategory.DecimalDigitNumber], ["Nl"] = [UnicodeCategory.LetterNumber], ["No"] = [UnicodeCategory.OtherNumber],
        ["Zs"] = [UnicodeCategory.SpaceSeparator], ["Zl"] = [UnicodeCategory.LineSeparator], ["Zp"] = [UnicodeCategory.ParagraphSeparator],
        ["Cc"] = [UnicodeCategory.Control], ["Cf"] = [UnicodeCategory.Format], ["Cs"] = [UnicodeCategory.Surrogate],
        ["Co"] = [UnicodeCategory.PrivateUse], ["Cn"] = [UnicodeCategory.OtherNotAssigned],
        ["Pc"] = [UnicodeCategory.ConnectorPunctuation], ["Pd"] = [UnicodeCategory.DashPunctuation], ["Ps"] = [UnicodeCategory.OpenPunctuation],
        ["Pe"] = [UnicodeCategory.ClosePunctuation], ["Pi"] = [UnicodeCategory.InitialQuotePunctuation],
        ["Pf"] = [UnicodeCategory.FinalQuotePunctuation], ["Po"] = [UnicodeCategory.OtherPunctuation],
        ["Sm"] = [UnicodeCategory.MathSymbol], ["Sc"] = [UnicodeCategory.CurrencySymbol], ["Sk"] = [UnicodeCategory.ModifierSymbol],
        ["So"] = [UnicodeCategory.OtherSymbol],
    };

    private static readonly Dictionary<string, string> LongNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Letter"] = "L", ["UppercaseLetter"] = "Lu", ["LowercaseLetter"] = "Ll", ["TitlecaseLetter"] = "Lt", ["ModifierLetter"] = "Lm", ["OtherLetter"] = "Lo",
        ["Mark"] = "M", ["NonspacingMark"] = "Mn", ["SpacingMark"] = "Mc", ["EnclosingMark"] = "Me",
        ["Number"] = "N", ["DecimalNumber"] = "Nd", ["LetterNumber"] = "Nl", ["OtherNumber"] = "No",
        ["Separator"] = "Z", ["SpaceSeparator"] = "Zs", ["LineSeparator"] = "Zl", ["ParagraphSeparator"] = "Zp",
        ["Other"] = "C", ["Control"] = "Cc", ["Format"] = "Cf", ["Surrogate"] = "Cs", ["PrivateUse"] = "Co", ["Unassigned"] = "Cn",
        ["Punctuation"] = "P", ["Symbol"] = "S", ["MathSymbol"] = "Sm", ["CurrencySymbol"] = "Sc", ["ModifierSymbol"] = "Sk", ["OtherSymbol"] = "So",
    };

    internal static CodePointClass Space { get; } = new(c => Rune.IsValid(c) && Rune.IsWhiteSpace(new Rune(c)));

    internal static CodePointClass Digit { get; } = new(c => CategoryOf(c) == UnicodeCategory.DecimalDigitNumber);

    internal static CodePointClass HexDigit { get; } = new(c => c < 128 && char.IsAsciiHexDigit((char)c));

    /// <summary>Letters, marks, decimal digits, letter numbers, connectors, circled letters and the six numbers of Latin-1.</summary>
    internal static CodePointClass Word { get; } = new(c =>
        c is 0xB2 or 0xB3 or 0xB9 or 0xBC or 0xBD or 0xBE || (c is not 0x200C and not 0x200D && WordCharacters.IsWord(c)));

    /// <summary>Any character but a line feed: the dot.</summary>
    internal static CodePointClass NotNewline { get; } = new(c => c != '\n');

    internal static CodePointClass Any { get; } = new(_ => true);

    /// <summary>The class of a property's or POSIX bracket's name, or null.</summary>
    internal static CodePointClass? Find(string name)
    {
        var plain = name.Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        if (LongNames.TryGetValue(plain, out var shortName)) plain = shortName;
        if (Categories.TryGetValue(plain, out var exact)) return Of(exact);
        if (plain.Length == 1)
        {
            var group = Categories.Where(c => char.ToUpperInvariant(plain[0]) == c.Key[0]).SelectMany(c => c.Value).ToArray();
            if (group.Length > 0) return Of(group);
        }

        if (plain.ToUpperInvariant() is var upper && Posix(upper) is { } posix) return posix;
        var scripts = UnicodeTables.Instance.Scripts;
        var script = scripts.IndexOf(name.Replace(' ', '_'));
        return script < 0 ? null : new CodePointClass(c => scripts.Of(c) == script);
    }

    private static CodePointClass? Posix(string upper) => upper switch
    {
        "ANY" => Any,
        "ASSIGNED" => new(c => CategoryOf(c) != UnicodeCategory.OtherNotAssigned),
        "ASCII" => new(c => c < 128),
        "ALPHA" => new(IsAlphabetic),
        "ALPHABETIC" => new(IsAlphabetic),
        "ALNUM" => new(c => IsAlphabetic(c) || CategoryOf(c) == UnicodeCategory.DecimalDigitNumber),
        "BLANK" => new(c => c == '\t' || CategoryOf(c) == UnicodeCategory.SpaceSeparator),
        "CNTRL" => Find("Cc"),
        "DIGIT" => Digit,
        "GRAPH" => new(c => IsGraphic(c)),
        "PRINT" => new(c => IsGraphic(c) || CategoryOf(c) == UnicodeCategory.SpaceSeparator),
        "PUNCT" => Find("P")!.Or(new(c => c is '$' or '+' or '<' or '=' or '>' or '^' or '`' or '|' or '~')),
        "SPACE" or "WHITESPACE" => Space,
        "UPPER" => Find("Lu"),
        "LOWER" => Find("Ll"),
        "XDIGIT" => HexDigit,
        "WORD" => Word,
        _ => null,
    };

    private static bool IsAlphabetic(int c) => CategoryOf(c) is <= UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber || WordCharacters.IsCircledLetter(c);

    private static bool IsGraphic(int c) =>
        !Space.Contains(c) && CategoryOf(c) is not (UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);

    private static CodePointClass Of(UnicodeCategory[] categories)
    {
        var mask = categories.Aggregate(0u, (bits, category) => bits | (1u << (int)category));
        return new CodePointClass(c => ((mask >> (int)CategoryOf(c)) & 1) != 0);
    }

    private static UnicodeCategory CategoryOf(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint);
}

using System.Collections.Frozen;
using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Text;

/// <summary>
/// Unicode's full case mappings, as Python's <c>upper</c>, <c>lower</c>, <c>title</c> and <c>casefold</c> use them: unlike .NET's, one
/// letter can become several (ß, ligatures, Greek with iota). Source: SpecialCasing.txt and CaseFolding.txt of the Unicode database.
/// </summary>
internal static class CaseMapping
{
    /// <summary>Letters whose capital is several letters: the letter, then the capitals. The rows U+1F80 to U+1FAF follow a rule.</summary>
    private const string SeveralCapitals =
        "\u00DF\u0053\u0053 \u0149\u02BC\u004E \u01F0\u004A\u030C \u0390\u0399\u0308\u0301 \u03B0\u03A5\u0308\u0301 \u0587\u0535\u0552 " +
        "\u1E96\u0048\u0331 \u1E97\u0054\u0308 \u1E98\u0057\u030A \u1E99\u0059\u030A \u1E9A\u0041\u02BE \u1F50\u03A5\u0313 " +
        "\u1F52\u03A5\u0313\u0300 \u1F54\u03A5\u0313\u0301 \u1F56\u03A5\u0313\u0342 \u1FB2\u1FBA\u0399 \u1FB3\u0391\u0399 " +
        "\u1FB4\u0386\u0399 \u1FB6\u0391\u0342 \u1FB7\u0391\u0342\u0399 \u1FBC\u0391\u0399 \u1FC2\u1FCA\u0399 \u1FC3\u0397\u0399 " +
        "\u1FC4\u0389\u0399 \u1FC6\u0397\u0342 \u1FC7\u0397\u0342\u0399 \u1FCC\u0397\u0399 \u1FD2\u0399\u0308\u0300 " +
        "\u1FD3\u0399\u0308\u0301 \u1FD6\u0399\u0342 \u1FD7\u0399\u0308\u0342 \u1FE2\u03A5\u0308\u0300 \u1FE3\u03A5\u0308\u0301 " +
        "\u1FE4\u03A1\u0313 \u1FE6\u03A5\u0342 \u1FE7\u03A5\u0308\u0342 \u1FF2\u1FFA\u0399 \u1FF3\u03A9\u0399 \u1FF4\u038F\u0399 " +
        "\u1FF6\u03A9\u0342 \u1FF7\u03A9\u0342\u0399 \u1FFC\u03A9\u0399 \uFB00\u0046\u0046 \uFB01\u0046\u0049 \uFB02\u0046\u004C " +
        "\uFB03\u0046\u0046\u0049 \uFB04\u0046\u0046\u004C \uFB05\u0053\u0054 \uFB06\u0053\u0054 \uFB13\u0544\u0546 \uFB14\u0544\u0535 " +
        "\uFB15\u0544\u053B \uFB16\u054E\u0546 \uFB17\u0544\u053D";

    private const int DotlessI = 0x131;
    private const int DottedCapitalI = 0x130;
    private const int CapitalSigma = 0x3A3;
    private const int CapitalSharpS = 0x1E9E;
    private const char CapitalIota = '\u0399';
    private const char IotaBelow = '\u0345';

    private static readonly FrozenDictionary<int, string> Capitals = MakeCapitals();

    internal static string Upper(string text) => Ascii(text) ? text.ToUpperInvariant() : Map(text, static (target, value) => Upper(target, value));

    internal static string Lower(string text)
    {
        if (Ascii(text)) return text.ToLowerInvariant();
        var lower = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i)) Lower(lower, text, i);
        return lower.ToString();
    }

    internal static string Fold(string text) => Ascii(text) ? text.ToLowerInvariant() : Map(text, static (target, value) => Fold(target, value));

    /// <summary>First letter in title case, the rest in lower case.</summary>
    internal static string Capitalize(string text)
    {
        var made = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            if (i == 0) Title(made, CodePoints.ValueAt(text, i));
            else Lower(made, text, i);
        }

        return made.ToString();
    }

    /// <summary>Each first letter of a run of letters in title case, the others in lower case; an apostrophe ends a run.</summary>
    internal static string Title(string text)
    {
        var made = new StringBuilder(text.Length);
        var inWord = false;
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            var value = CodePoints.ValueAt(text, i);
            if (inWord) Lower(made, text, i);
            else Title(made, value);
            inWord = CharacterClasses.IsCased(value);
        }

        return made.ToString();
    }

    internal static string Swap(string text)
    {
        var made = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            var value = CodePoints.ValueAt(text, i);
            if (CharacterClasses.IsUpper(value)) Lower(made, text, i);
            else if (CharacterClasses.IsLower(value)) Upper(made, value);
            else CodePoints.Append(made, value);
        }

        return made.ToString();
    }

    private static bool Ascii(string text) => System.Text.Ascii.IsValid(text);

    private static string Map(string text, Action<StringBuilder, int> map)
    {
        var mapped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i)) map(mapped, CodePoints.ValueAt(text, i));
        return mapped.ToString();
    }

    private static void Upper(StringBuilder target, int value)
    {
        if (Capitals.TryGetValue(value, out var several)) target.Append(several);
        else CodePoints.Append(target, value == DotlessI ? 'I' : Rune.TryCreate(value, out var rune) ? Rune.ToUpperInvariant(rune).Value : value);
    }

    private static void Lower(StringBuilder target, string text, int unit)
    {
        var value = CodePoints.ValueAt(text, unit);
        if (value == CapitalSigma) target.Append(EndsWord(text, unit) ? 'ς' : 'σ');
        else Lower(target, value);
    }

    private static void Lower(StringBuilder target, int value)
    {
        if (value == DottedCapitalI) target.Append("i\u0307");
        else CodePoints.Append(target, Rune.TryCreate(value, out var rune) ? Rune.ToLowerInvariant(rune).Value : value);
    }

    private static void Fold(StringBuilder target, int value)
    {
        switch (value)
        {
            case DotlessI: target.Append((char)value); return;
            case CapitalSharpS: target.Append("ss"); return;
            case (>= 0x13A0 and <= 0x13FD) or (>= 0xAB70 and <= 0xABBF): Upper(target, value); return; // Cherokee folds to capitals
        }

        // Everything else folds to the small letters of its capitals.
        var capitals = new StringBuilder();
        Upper(capitals, value);
        target.Append(Map(capitals.ToString(), static (small, letter) => Lower(small, letter)));
    }

    private static void Title(StringBuilder target, int value)
    {
        switch (value)
        {
            case >= 0x10D0 and <= 0x10FF: target.Append((char)value); break; // Georgian has no title case
            case >= 0x1C4 and <= 0x1CC: target.Append((char)(0x1C5 + ((value - 0x1C4) / 3 * 3))); break;
            case >= 0x1F1 and <= 0x1F3: target.Append('\u01F2'); break;
            case >= 0x1F80 and <= 0x1FAF: target.Append((char)(value | 8)); break;
            case 0x1FB3 or 0x1FC3 or 0x1FF3: target.Append((char)(value + 9)); break;
            case 0x1FBC or 0x1FCC or 0x1FFC: target.Append((char)value); break;
            case 0xDF or 0x587 or (>= 0xFB00 and <= 0xFB17) when Capitals.TryGetValue(value, out var several):
                target.Append(several[0]);
                for (var i = 1; i < several.Length; i++) Lower(target, several[i]);
                break;
            default:
                var start = target.Length;
                Upper(target, value);
                if (value is >= 0x1FB2 and <= 0x1FF7 && target.Length > start + 1 && target[^1] == CapitalIota) target[^1] = IotaBelow;
                break;
        }
    }

    /// <summary>Whether a sigma stands behind a letter and before none, so that it takes its final form.</summary>
    private static bool EndsWord(string text, int unit)
    {
        var before = unit - 1;
        while (before >= 0 && CharacterClasses.IsCaseIgnorable(ValueEndingAt(text, before))) before -= ValueEndingAt(text, before) > char.MaxValue ? 2 : 1;
        if (before < 0 || !CharacterClasses.IsCased(ValueEndingAt(text, before))) return false;
        var after = unit + 1;
        while (after < text.Length && CharacterClasses.IsCaseIgnorable(CodePoints.ValueAt(text, after))) after += CodePoints.UnitsAt(text, after);
        return after >= text.Length || !CharacterClasses.IsCased(CodePoints.ValueAt(text, after));
    }

    private static int ValueEndingAt(string text, int unit) =>
        char.IsLowSurrogate(text[unit]) && unit > 0 && char.IsHighSurrogate(text[unit - 1])
            ? char.ConvertToUtf32(text[unit - 1], text[unit])
            : text[unit];

    private static FrozenDictionary<int, string> MakeCapitals()
    {
        var all = SeveralCapitals.Split(' ').ToDictionary(static entry => (int)entry[0], static entry => entry[1..]);
        foreach (var (row, capital) in new[] { (0x1F80, 0x1F08), (0x1F90, 0x1F28), (0x1FA0, 0x1F68) })
        {
            for (var i = 0; i < 16; i++) all[row + i] = $"{(char)(capital + (i & 7))}{CapitalIota}";
        }

        return all.ToFrozenDictionary();
    }
}

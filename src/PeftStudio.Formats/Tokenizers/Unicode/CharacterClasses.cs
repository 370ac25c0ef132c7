using System.Globalization;
using System.Text;

namespace PeftStudio.Formats.Tokenizers.Unicode;

/// <summary>The few classes that pre-tokenizer patterns ask for, as bits, for every code point: <c>\p{L}</c>, <c>\p{N}</c>, <c>\s</c> and so on.</summary>
[Flags]
internal enum CharacterClass : byte
{
    None = 0,

    /// <summary><c>\p{L}</c></summary>
    Letter = 1,

    /// <summary><c>\p{N}</c></summary>
    Number = 2,

    /// <summary><c>\s</c>, the property White_Space.</summary>
    Space = 4,

    /// <summary><c>\p{M}</c></summary>
    Mark = 8,

    /// <summary><c>[\p{Lu}\p{Lt}]</c></summary>
    Upper = 16,

    /// <summary><c>\p{Ll}</c></summary>
    Lower = 32,

    /// <summary><c>[\p{Lm}\p{Lo}]</c></summary>
    Caseless = 64,

    /// <summary><c>[\p{P}\p{S}]</c></summary>
    PunctuationOrSymbol = 128,
}

/// <summary>Looks classes up: one byte a code unit of the basic plane, the framework's tables beyond it.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] Basic = BuildBasic();

    /// <summary>Classes of a UTF-16 unit; a surrogate has none.</summary>
    internal static CharacterClass Of(char unit) => Basic[unit];

    /// <summary>Classes of the code point that begins at <paramref name="index"/>, and how many units it has.</summary>
    internal static CharacterClass At(ReadOnlySpan<char> text, int index, out int width)
    {
        var first = text[index];
        if (char.IsHighSurrogate(first) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            width = 2;
            return Classify(char.ConvertToUtf32(first, text[index + 1]));
        }

        width = 1;
        return Basic[first];
    }

    /// <summary>Classes of a code point by the framework's Unicode tables.</summary>
    internal static CharacterClass Classify(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClass.Letter | CharacterClass.Upper,
        UnicodeCategory.LowercaseLetter => CharacterClass.Letter | CharacterClass.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterClass.Letter | CharacterClass.Caseless,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterClass.Mark,
        >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherSymbol => CharacterClass.PunctuationOrSymbol,
        _ => Rune.IsValid(codePoint) && Rune.IsWhiteSpace(new Rune(codePoint)) ? CharacterClass.Space : CharacterClass.None,
    };

    private static CharacterClass[] BuildBasic()
    {
        var table = new CharacterClass[char.MaxValue + 1];
        for (var i = 0; i < table.Length; i++) table[i] = Classify(i);
        return table;
    }
}

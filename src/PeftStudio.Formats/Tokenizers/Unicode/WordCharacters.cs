using System.Globalization;
using System.Text;

namespace PeftStudio.Formats.Tokenizers.Unicode;

/// <summary>
/// What counts as part of a word (<c>\w</c> of Rust's regex): letters, marks, decimal digits, letter numbers, connectors, circled letters and the two joiners.
/// </summary>
internal static class WordCharacters
{
    internal static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune.Value);

    internal static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune.Value);

    internal static bool IsWord(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        <= UnicodeCategory.LetterNumber => true,
        UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.OtherSymbol => IsCircledLetter(codePoint),
        _ => codePoint is 0x200C or 0x200D,
    };

    /// <summary>Symbols with the property Other_Alphabetic: Ⓐ to ⓩ and the squared and circled Latin capitals.</summary>
    internal static bool IsCircledLetter(int codePoint) =>
        codePoint is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
}

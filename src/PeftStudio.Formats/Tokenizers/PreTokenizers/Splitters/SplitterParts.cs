using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers.Splitters;

/// <summary>What the newer patterns have in common.</summary>
internal static class SplitterParts
{
    /// <summary>The end of a run of one kind of character; <paramref name="start"/> if there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the run may begin.</param>
    /// <param name="any">Classes of which a character must have one.</param>
    /// <param name="none">Classes of which it must have none.</param>
    internal static int Run(ReadOnlySpan<char> text, int start, CharacterClass any, CharacterClass none = CharacterClass.None)
    {
        while (start < text.Length)
        {
            var found = CharacterClasses.At(text, start, out var width);
            if ((any != CharacterClass.None && (found & any) == 0) || (found & none) != 0) break;
            start += width;
        }

        return start;
    }

    /// <summary>Length of <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)</c> at a position, 0 if it is not there. Case folding takes ſ for an s.</summary>
    internal static int Contraction(ReadOnlySpan<char> text, int start)
    {
        if (start + 1 >= text.Length || text[start] != '\'') return 0;
        var second = (char)(text[start + 1] | 0x20);
        if (second is 's' or 't' or 'm' or 'd' || text[start + 1] == '\u017F') return char.IsAsciiLetter(text[start + 1]) || text[start + 1] == '\u017F' ? 2 : 0;
        if (start + 2 >= text.Length || !char.IsAsciiLetter(text[start + 1]) || !char.IsAsciiLetter(text[start + 2])) return 0;
        return (second, (char)(text[start + 2] | 0x20)) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    /// <summary><c>\p{N}{1,most}</c> at a number.</summary>
    internal static int Numbers(ReadOnlySpan<char> text, int start, int most)
    {
        for (; most > 0 && start < text.Length; most--)
        {
            if ((CharacterClasses.At(text, start, out var width) & CharacterClass.Number) == 0) break;
            start += width;
        }

        return start;
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c> at white space: up to the last line break, else all but the last one before a word.</summary>
    internal static int Spaces(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        var behindBreak = -1;
        while (end < text.Length && (CharacterClasses.Of(text[end]) & CharacterClass.Space) != 0)
        {
            if (text[end] is '\r' or '\n') behindBreak = end + 1;
            end++;
        }

        if (behindBreak >= 0) return behindBreak;
        return end == text.Length || end - start == 1 ? end : end - 1;
    }

    /// <summary>The end of a run of line breaks, and of slashes where a pattern takes those too.</summary>
    internal static int Breaks(ReadOnlySpan<char> text, int start, bool slashes)
    {
        while (start < text.Length && (text[start] is '\r' or '\n' || (slashes && text[start] == '/'))) start++;
        return start;
    }
}

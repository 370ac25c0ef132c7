using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers.Splitters;

/// <summary>
/// Llama 3: <c>(?i:'s|…)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>. Qwen 2 takes numbers one by one,
/// Qwen 3.5 counts marks as letters besides.
/// </summary>
/// <param name="mostNumbers">How many numbers are one word.</param>
/// <param name="marksAreLetters">Whether marks belong to words.</param>
internal sealed class Llama3Splitter(int mostNumbers, bool marksAreLetters) : WordSplitter
{
    private readonly CharacterClass _letters = marksAreLetters ? CharacterClass.Letter | CharacterClass.Mark : CharacterClass.Letter;

    internal override int Next(ReadOnlySpan<char> text, int start)
    {
        var first = text[start];
        if (first == '\'')
        {
            var length = SplitterParts.Contraction(text, start);
            if (length > 0) return start + length;
        }

        var kind = CharacterClasses.At(text, start, out var width);
        if ((kind & _letters) != 0) return SplitterParts.Run(text, start + width, _letters);
        if ((kind & CharacterClass.Number) != 0) return SplitterParts.Numbers(text, start, mostNumbers);
        if (first is not ('\r' or '\n'))
        {
            var end = SplitterParts.Run(text, start + width, _letters);
            if (end > start + width) return end;
        }

        // A space may lead symbols; any other white space is on its own.
        var symbols = first == ' ' ? start + 1 : start;
        var none = CharacterClass.Space | CharacterClass.Number | _letters;
        if ((kind & CharacterClass.Space) == 0 || first == ' ')
        {
            var end = SplitterParts.Run(text, symbols, CharacterClass.None, none);
            if (end > symbols) return SplitterParts.Breaks(text, end, slashes: false);
        }

        return SplitterParts.Spaces(text, start);
    }
}

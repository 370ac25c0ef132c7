using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers.Splitters;

/// <summary>
/// GPT-4o: words of capitals then small letters, with one character in front and a contraction behind; then numbers, symbols and spaces as in Llama 3, with
/// slashes behind symbols. Mistral's Tekken has no contractions and takes numbers one by one.
/// </summary>
/// <param name="mostNumbers">How many numbers are one word.</param>
/// <param name="contractions">Whether a contraction belongs to the word before it.</param>
internal sealed class O200kSplitter(int mostNumbers, bool contractions) : WordSplitter
{
    private const CharacterClass Upper = CharacterClass.Upper | CharacterClass.Caseless | CharacterClass.Mark;
    private const CharacterClass Lower = CharacterClass.Lower | CharacterClass.Caseless | CharacterClass.Mark;

    internal override int Next(ReadOnlySpan<char> text, int start)
    {
        var first = text[start];
        var kind = CharacterClasses.At(text, start, out var width);
        var mayLead = (kind & (CharacterClass.Letter | CharacterClass.Number)) == 0 && first is not ('\r' or '\n');
        var end = Word(text, start, mayLead ? width : 0, (kind & (CharacterClass.Letter | CharacterClass.Mark)) != 0);
        if (end > start) return contractions ? end + SplitterParts.Contraction(text, end) : end;
        if ((kind & CharacterClass.Number) != 0) return SplitterParts.Numbers(text, start, mostNumbers);
        if ((kind & CharacterClass.Space) == 0 || first == ' ')
        {
            var symbols = first == ' ' ? start + 1 : start;
            end = SplitterParts.Run(text, symbols, CharacterClass.None, CharacterClass.Space | CharacterClass.Letter | CharacterClass.Number);
            if (end > symbols) return SplitterParts.Breaks(text, end, slashes: true);
        }

        return SplitterParts.Spaces(text, start);
    }

    /// <summary>
    /// The end of a word, or −1. Both forms are tried with the leading character first, then without it, in the order of the pattern: capitals with small
    /// letters, then capitals alone.
    /// </summary>
    private static int Word(ReadOnlySpan<char> text, int start, int lead, bool alsoWithout)
    {
        var end = lead > 0 ? Mixed(text, start + lead) : -1;
        if (end < 0 && alsoWithout) end = Mixed(text, start);
        if (end < 0 && lead > 0) end = Capitals(text, start + lead);
        if (end < 0 && alsoWithout) end = Capitals(text, start);
        return end;
    }

    /// <summary><c>[Upper]*[Lower]+</c>: the run of capitals gives back up to the last character that can end a word.</summary>
    private static int Mixed(ReadOnlySpan<char> text, int start)
    {
        var last = -1;
        var i = start;
        while (i < text.Length)
        {
            var kind = CharacterClasses.At(text, i, out var width);
            if ((kind & Upper) == 0) break;
            i += width;
            if ((kind & Lower) != 0) last = i;
        }

        var end = SplitterParts.Run(text, i, Lower);
        return end > i ? end : last;
    }

    private static int Capitals(ReadOnlySpan<char> text, int start)
    {
        var end = SplitterParts.Run(text, start, Upper);
        return end > start ? end : -1;
    }
}

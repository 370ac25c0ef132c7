using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Patterns;

/// <summary>A regular expression of a tokenizer.json, with the meaning that Oniguruma gives it, over code points.</summary>
internal sealed class RegexPattern : TextPattern
{
    private readonly PatternInstruction[] _program;

    internal RegexPattern(string pattern)
    {
        Pattern = pattern;
        _program = PatternProgram.Compile(PatternParser.Parse(pattern));
    }

    internal string Pattern { get; }

    internal override void FindMatches(ReadOnlySpan<char> text, List<Piece> matches)
    {
        var matcher = new PatternMatcher(text);
        var from = 0;
        var lastEnd = -1;
        while (from <= text.Length && matcher.TryFind(_program, from, out var start, out var end))
        {
            // An empty match right behind another one does not count.
            if (end > start || start != lastEnd) matches.Add(new Piece(start, end));
            lastEnd = end;
            from = end > start ? end : end + (end + 1 < text.Length && char.IsSurrogatePair(text[end], text[end + 1]) ? 2 : 1);
        }
    }
}

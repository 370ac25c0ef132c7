using PeftStudio.Formats.Tokenizers.Patterns;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers;

/// <summary>What becomes of the matches of a split.</summary>
internal enum SplitBehavior
{
    /// <summary>They drop out.</summary>
    Removed,

    /// <summary>Each is a piece.</summary>
    Isolated,

    /// <summary>Each ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>Each begins the piece behind it.</summary>
    MergedWithNext,

    /// <summary>Neighbouring matches are one piece.</summary>
    Contiguous,
}

/// <summary>Cuts at the matches of a pattern; inverted, the matches are what is between.</summary>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : SplittingPreTokenizer
{
    internal TextPattern Pattern => pattern;

    /// <summary>Whether the pieces are the matches of the pattern, one by one, and nothing else if it matches everywhere.</summary>
    internal bool GivesMatches => behavior == SplitBehavior.Isolated || (behavior == SplitBehavior.Removed && invert);

    protected override void Split(ReadOnlySpan<char> text, int offset, List<Piece> parts)
    {
        var matches = new List<Piece>();
        pattern.FindMatches(text, matches);
        var cutter = new PieceCutter(behavior, offset, parts);
        var done = 0;
        foreach (var match in matches)
        {
            if (done < match.Start) cutter.Add(done, match.Start, isMatch: invert);
            cutter.Add(match.Start, match.End, isMatch: !invert);
            done = match.End;
        }

        if (done < text.Length) cutter.Add(done, text.Length, isMatch: invert);
        cutter.Finish();
    }
}

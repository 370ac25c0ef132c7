using PeftStudio.Formats.Tokenizers.PreTokenizers.Splitters;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Patterns;

/// <summary>A known pattern, which matches everywhere, by its hand-written splitter.</summary>
internal sealed class SplitterPattern(WordSplitter splitter) : TextPattern
{
    internal WordSplitter Splitter => splitter;

    internal override void FindMatches(ReadOnlySpan<char> text, List<Piece> matches)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = splitter.Next(text, start);
            matches.Add(new Piece(start, end));
            start = end;
        }
    }
}

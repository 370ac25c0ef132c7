using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Patterns;

/// <summary>Matches one literal text. An empty one matches nothing.</summary>
internal sealed class LiteralPattern(string literal) : TextPattern
{
    internal string Literal => literal;

    internal override void FindMatches(ReadOnlySpan<char> text, List<Piece> matches)
    {
        if (literal.Length == 0) return;
        for (var at = 0; ;)
        {
            var found = text[at..].IndexOf(literal, StringComparison.Ordinal);
            if (found < 0) return;
            matches.Add(new Piece(at + found, at + found + literal.Length));
            at += found + literal.Length;
        }
    }
}

using PeftStudio.Formats.Tokenizers.Patterns;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Normalizers;

/// <summary>Replaces every match of a pattern. New characters point at the last character they replace.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : Normalizer
{
    protected override bool Rewrite(AlignedText source, AlignedText target)
    {
        var matches = new List<Piece>();
        pattern.FindMatches(source.Chars, matches);
        if (matches.Count == 0) return false;
        var done = 0;
        foreach (var match in matches)
        {
            target.AppendFrom(source, done, match.Start);
            target.AppendNew(content, source, like: match.End - 1);
            done = match.End;
        }

        target.AppendFrom(source, done, source.Length);
        return true;
    }
}

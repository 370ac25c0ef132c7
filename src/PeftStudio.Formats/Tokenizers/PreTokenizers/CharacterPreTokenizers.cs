using System.Text;
using PeftStudio.Formats.Tokenizers.Text;
using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers;

/// <summary>Cuts at single characters of a kind.</summary>
internal abstract class CharacterPreTokenizer(SplitBehavior behavior) : SplittingPreTokenizer
{
    protected abstract bool Matches(int codePoint);

    protected sealed override void Split(ReadOnlySpan<char> text, int offset, List<Piece> parts)
    {
        var cutter = new PieceCutter(behavior, offset, parts);
        var done = 0;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            if (Matches(rune.Value))
            {
                if (done < i) cutter.Add(done, i, isMatch: false);
                cutter.Add(i, i + width, isMatch: true);
                done = i + width;
            }

            i += width;
        }

        if (done < text.Length) cutter.Add(done, text.Length, isMatch: false);
        cutter.Finish();
    }
}

/// <summary>Cuts at punctuation, as far as Unicode 8 knew it.</summary>
internal sealed class PunctuationPreTokenizer(SplitBehavior behavior) : CharacterPreTokenizer(behavior)
{
    private readonly CodePointSet _punctuation = UnicodeTables.Instance.Punctuation8;

    protected override bool Matches(int codePoint) => _punctuation.Contains(codePoint);
}

/// <summary>White space drops out.</summary>
internal sealed class WhitespaceSplitPreTokenizer() : CharacterPreTokenizer(SplitBehavior.Removed)
{
    protected override bool Matches(int codePoint) => codePoint <= char.MaxValue && char.IsWhiteSpace((char)codePoint);
}

/// <summary>One character drops out.</summary>
internal sealed class DelimiterPreTokenizer(int delimiter) : CharacterPreTokenizer(SplitBehavior.Removed)
{
    protected override bool Matches(int codePoint) => codePoint == delimiter;
}

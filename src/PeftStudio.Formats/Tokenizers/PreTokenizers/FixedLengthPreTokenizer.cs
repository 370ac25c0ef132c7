using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers;

/// <summary>Pieces of so many characters; the last one may be shorter.</summary>
internal sealed class FixedLengthPreTokenizer(int length) : SplittingPreTokenizer
{
    protected override void Split(ReadOnlySpan<char> text, int offset, List<Piece> parts)
    {
        var start = 0;
        var count = 0;
        for (var i = 0; i < text.Length;)
        {
            i += i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1;
            if (++count < length && i < text.Length) continue;
            parts.Add(new Piece(offset + start, offset + i));
            (start, count) = (i, 0);
        }
    }
}

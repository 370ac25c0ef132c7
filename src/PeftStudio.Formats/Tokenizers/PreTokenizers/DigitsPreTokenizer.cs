using PeftStudio.Formats.Tokenizers.Text;
using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers;

/// <summary>Cuts out numbers (<c>\p{N}</c>, so ½ and Ⅷ too), one by one or as runs.</summary>
internal sealed class DigitsPreTokenizer(bool individual) : SplittingPreTokenizer
{
    internal bool Individual => individual;

    protected override void Split(ReadOnlySpan<char> text, int offset, List<Piece> parts)
    {
        var start = 0;
        var inNumber = false;
        for (var i = 0; i < text.Length;)
        {
            var isNumber = (CharacterClasses.At(text, i, out var width) & CharacterClass.Number) != 0;
            if (i > start && (isNumber != inNumber || (isNumber && individual)))
            {
                parts.Add(new Piece(offset + start, offset + i));
                start = i;
            }

            inNumber = isNumber;
            i += width;
        }

        if (start < text.Length) parts.Add(new Piece(offset + start, offset + text.Length));
    }
}

using System.Text;
using PeftStudio.Formats.Tokenizers.Text;
using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers;

/// <summary>Words, and runs of what is neither word nor white space: <c>\w+|[^\w\s]+</c>.</summary>
internal sealed class WhitespacePreTokenizer : SplittingPreTokenizer
{
    private enum Kind
    {
        Space,
        Word,
        Other,
    }

    protected override void Split(ReadOnlySpan<char> text, int offset, List<Piece> parts)
    {
        var start = 0;
        var current = Kind.Space;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            var kind = Rune.IsWhiteSpace(rune) ? Kind.Space : WordCharacters.IsWord(rune.Value) ? Kind.Word : Kind.Other;
            if (kind != current)
            {
                if (current != Kind.Space) parts.Add(new Piece(offset + start, offset + i));
                (start, current) = (i, kind);
            }

            i += width;
        }

        if (current != Kind.Space) parts.Add(new Piece(offset + start, offset + text.Length));
    }
}

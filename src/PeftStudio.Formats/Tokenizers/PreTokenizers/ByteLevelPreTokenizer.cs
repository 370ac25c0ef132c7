using PeftStudio.Formats.Tokenizers.PreTokenizers.Splitters;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers;

/// <summary>GPT-2's form: an optional leading space for each piece, an optional split into words, then one printable character a UTF-8 byte.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private static readonly Gpt2Splitter Words = new(numbersAlone: false);

    internal bool AddPrefixSpace => addPrefixSpace;

    internal bool UseRegex => useRegex;

    internal override void Apply(PieceBuffer buffer)
    {
        var source = buffer.Text;
        var target = buffer.NextText();
        var parts = buffer.NextPieces();
        foreach (var piece in buffer.Pieces)
        {
            var text = buffer.CharsOf(piece);
            var start = target.Length;
            var done = 0;
            if (addPrefixSpace && text[0] != ' ')
            {
                target.AppendNew([ByteMap.CharOf((byte)' ')], source, piece.Start);
                done = useRegex ? FirstWordBehindSpace(text) : text.Length;
                ByteMap.Append(source, piece.Start, piece.Start + done, target);
                parts.Add(new Piece(start, target.Length));
            }

            while (done < text.Length)
            {
                start = target.Length;
                var end = useRegex ? Words.Next(text, done) : text.Length;
                ByteMap.Append(source, piece.Start + done, piece.Start + end, target);
                parts.Add(new Piece(start, target.Length));
                done = end;
            }
        }

        buffer.AcceptText();
        buffer.Accept();
    }

    /// <summary>How much of a text forms one word with a space put in front of it: nothing, if it begins with another white space.</summary>
    private static int FirstWordBehindSpace(ReadOnlySpan<char> text) => Words.Next(string.Concat(" ", text), 0) - 1;
}

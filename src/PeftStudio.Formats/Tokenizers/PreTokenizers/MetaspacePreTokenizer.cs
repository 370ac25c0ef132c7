using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers;

/// <summary>Which pieces get a replacement character in front.</summary>
internal enum PrependScheme
{
    /// <summary>Every piece.</summary>
    Always,

    /// <summary>Only the one at the beginning of the input.</summary>
    First,

    /// <summary>None.</summary>
    Never,
}

/// <summary>Spaces become ▁ (or another character), a ▁ is put in front unless one is there, and pieces begin at each ▁.</summary>
internal sealed class MetaspacePreTokenizer(string replacement, PrependScheme scheme, bool split) : PreTokenizer
{
    /// <summary>Whether it must know where in the original text a piece begins.</summary>
    internal bool NeedsOrigin => scheme == PrependScheme.First;

    internal override void Apply(PieceBuffer buffer)
    {
        var source = buffer.Text;
        var target = buffer.NextText();
        var parts = buffer.NextPieces();
        foreach (var piece in buffer.Pieces)
        {
            var text = buffer.CharsOf(piece);
            var start = target.Length;
            var startsWithIt = text[0] == ' ' || text.StartsWith(replacement);
            if (!startsWithIt && (scheme == PrependScheme.Always || (scheme == PrependScheme.First && source.StartOf(piece.Start) == 0)))
            {
                target.AppendNew(replacement, source, piece.Start);
            }

            var done = 0;
            for (var i = 0; i < text.Length; i++)
            {
                var isSpace = text[i] == ' ';
                if (!isSpace && !text[i..].StartsWith(replacement)) continue;
                target.AppendFrom(source, piece.Start + done, piece.Start + i);
                if (split && target.Length > start)
                {
                    parts.Add(new Piece(start, target.Length));
                    start = target.Length;
                }

                if (isSpace) target.AppendNew(replacement, source, piece.Start + i);
                else target.AppendFrom(source, piece.Start + i, piece.Start + i + replacement.Length);
                done = i + (isSpace ? 1 : replacement.Length);
                i = done - 1;
            }

            target.AppendFrom(source, piece.Start + done, piece.End);
            if (target.Length > start) parts.Add(new Piece(start, target.Length));
        }

        buffer.AcceptText();
        buffer.Accept();
    }
}

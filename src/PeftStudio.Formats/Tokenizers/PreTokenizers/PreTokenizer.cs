using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers;

/// <summary>Cuts the pieces of a buffer into smaller ones; some also change characters.</summary>
internal abstract class PreTokenizer
{
    internal abstract void Apply(PieceBuffer buffer);
}

/// <summary>A pre-tokenizer that cuts each piece for itself and changes no character.</summary>
internal abstract class SplittingPreTokenizer : PreTokenizer
{
    /// <summary>Appends the parts of one piece; they may leave gaps, which drop out of the text.</summary>
    /// <param name="text">The piece.</param>
    /// <param name="offset">What to add to indices within the piece.</param>
    /// <param name="parts">Receives the parts.</param>
    protected abstract void Split(ReadOnlySpan<char> text, int offset, List<Piece> parts);

    internal sealed override void Apply(PieceBuffer buffer)
    {
        var parts = buffer.NextPieces();
        foreach (var piece in buffer.Pieces) Split(buffer.CharsOf(piece), piece.Start, parts);
        buffer.Accept();
    }
}

/// <summary>Applies several pre-tokenizers, one after the other.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> parts) : PreTokenizer
{
    internal IReadOnlyList<PreTokenizer> Parts => parts;

    internal override void Apply(PieceBuffer buffer)
    {
        foreach (var part in parts) part.Apply(buffer);
    }
}

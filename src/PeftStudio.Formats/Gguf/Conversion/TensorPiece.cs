namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>A run of rows of an assembled tensor, and where they come from.</summary>
/// <param name="Source">Name of the tensor that holds them.</param>
/// <param name="FirstElement">First element of the source tensor that is used.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Order">Row r of the piece is source row <c>Order[r]</c>, counted from the first element; null when the order is the same.</param>
/// <param name="Transposed">The source holds [width, rows] instead of [rows, width].</param>
/// <param name="Add">Added to every value.</param>
internal sealed record TensorPiece(string Source, long FirstElement, long Rows, int[]? Order = null, bool Transposed = false, float Add = 0)
{
    /// <summary>Whether rows can be copied as bytes, whatever their type.</summary>
    internal bool IsCopy => !Transposed && Add == 0;
}

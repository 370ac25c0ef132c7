namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>Copies bytes of an assembled tensor whose rows need no arithmetic, whatever their element type.</summary>
internal static class RowCopy
{
    /// <summary>Reads a part of a source tensor's bytes.</summary>
    internal delegate void ReadPart(string source, long offset, Span<byte> destination);

    /// <summary>Fills a part of the assembled bytes.</summary>
    /// <param name="plan">The tensor; every piece a copy.</param>
    /// <param name="bytesOf">Bytes of a number of elements; rows are whole blocks.</param>
    /// <param name="read">Reads source bytes.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Filled completely.</param>
    internal static void Copy(AssembledTensor plan, Func<long, long> bytesOf, ReadPart read, long offset, Span<byte> destination)
    {
        var rowBytes = bytesOf(plan.Width);
        var start = 0L;
        foreach (var piece in plan.Pieces)
        {
            var first = bytesOf(piece.FirstElement);
            var end = start + (piece.Rows * rowBytes);
            while (offset < end && !destination.IsEmpty)
            {
                // Rows that keep their order are one run; others are copied one by one.
                var (row, within) = piece.Order is null ? (0, offset - start) : Math.DivRem(offset - start, rowBytes);
                var count = (int)Math.Min(piece.Order is null ? end - offset : rowBytes - within, destination.Length);
                read(piece.Source, first + ((piece.Order is null ? 0 : piece.Order[row]) * rowBytes) + within, destination[..count]);
                destination = destination[count..];
                offset += count;
            }

            start = end;
        }
    }
}

using PeftStudio.Formats.Files;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Pickle;

/// <summary>Copies elements that do not lie in row-major order, such as a transposed weight, as if they did.</summary>
internal static class StridedReading
{
    /// <summary>Fills a part of the row-major bytes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="tensor">Its shape and strides.</param>
    /// <param name="start">Position in the file of the tensor's first element.</param>
    /// <param name="offset">First byte of the row-major tensor.</param>
    /// <param name="destination">Filled completely.</param>
    internal static void Gather(MappedFile file, PickleTensor tensor, long start, long offset, Span<byte> destination)
    {
        var size = TensorTypes.BitsOf(tensor.Type) / 8;
        Span<long> index = stackalloc long[tensor.Shape.Length];
        var position = Locate(tensor, offset / size, index);
        Span<byte> element = stackalloc byte[8];
        var skip = (int)(offset % size);
        while (!destination.IsEmpty)
        {
            file.Read(start + (position * size), element[..size]);
            var count = Math.Min(size - skip, destination.Length);
            element.Slice(skip, count).CopyTo(destination);
            destination = destination[count..];
            skip = 0;
            position = Advance(tensor, index, position);
        }
    }

    /// <summary>Index of an element by its row-major number, and its position in the storage relative to the first one.</summary>
    private static long Locate(PickleTensor tensor, long number, Span<long> index)
    {
        var position = 0L;
        for (var d = index.Length - 1; d >= 0; d--)
        {
            (number, index[d]) = Math.DivRem(number, tensor.Shape[d]);
            position += index[d] * tensor.Strides[d];
        }

        return position;
    }

    private static long Advance(PickleTensor tensor, Span<long> index, long position)
    {
        for (var d = index.Length - 1; d >= 0; d--)
        {
            position += tensor.Strides[d];
            if (++index[d] < tensor.Shape[d]) return position;
            position -= tensor.Shape[d] * tensor.Strides[d];
            index[d] = 0;
        }

        return position;
    }
}

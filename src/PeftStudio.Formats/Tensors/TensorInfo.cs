namespace PeftStudio.Formats.Tensors;

/// <summary>What a file says of one tensor: its name, element type, shape and size.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Extents, outermost first; empty for a scalar.</param>
/// <param name="ByteCount">Bytes of data, row-major, little-endian.</param>
public sealed record TensorInfo(string Name, TensorType Type, IReadOnlyList<long> Shape, long ByteCount)
{
    /// <summary>Number of elements: the product of <see cref="Shape"/>.</summary>
    public long ElementCount
    {
        get
        {
            var count = 1L;
            foreach (var extent in Shape) count *= extent;
            return count;
        }
    }

    /// <summary>The shape as it is usually printed, such as <c>[64, 172]</c>.</summary>
    public string ShapeText => FormatShape(Shape);

    /// <summary>Prints extents as <c>[64, 172]</c>.</summary>
    public static string FormatShape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}

using PeftStudio.Formats.Quantization;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf;

/// <summary>One tensor of a GGUF file.</summary>
/// <param name="Name">Name in the file, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Extents, outermost first: the reverse of the order in the file. Blocks run along the last one.</param>
public sealed record GgufTensor(string Name, GgmlType Type, IReadOnlyList<long> Shape)
{
    /// <summary>Number of values.</summary>
    public long ElementCount { get; } = Shape.Aggregate(1L, (product, extent) => checked(product * extent));

    /// <summary>Bytes of data, without padding.</summary>
    public long ByteCount => GgmlTypes.ByteCount(Type, ElementCount);

    /// <summary>Values of a row: the last extent, 1 for a scalar.</summary>
    public long Width => Shape.Count == 0 ? 1 : Shape[^1];

    /// <summary>Number of rows.</summary>
    public long Rows => Width == 0 ? 0 : ElementCount / Width;

    /// <summary>The shape as it is usually printed.</summary>
    public string ShapeText => TensorInfo.FormatShape(Shape);
}

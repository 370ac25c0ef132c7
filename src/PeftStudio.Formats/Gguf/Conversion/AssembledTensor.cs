namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>A tensor that is put together from rows of others: how every tensor of one naming scheme is made from those of the other.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its extents, outermost first.</param>
/// <param name="Width">Elements that stay together in a row; 1 where single elements move.</param>
/// <param name="Pieces">Where its rows come from, in order.</param>
internal sealed record AssembledTensor(string Name, IReadOnlyList<long> Shape, long Width, IReadOnlyList<TensorPiece> Pieces)
{
    /// <summary>The same values under another name.</summary>
    internal static AssembledTensor Renamed(string name, IReadOnlyList<long> shape, string source)
    {
        var count = shape.Aggregate(1L, (product, extent) => product * extent);
        return new(name, shape, Math.Max(1, count), [new(source, 0, 1)]);
    }

    internal long ElementCount => Shape.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Whether all rows can be copied as bytes.</summary>
    internal bool IsCopy => Pieces.All(p => p.IsCopy);
}

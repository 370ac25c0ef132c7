using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Pickle;

/// <summary>A name that a pickle mentions. It stays a pair of words; it is never looked up in any runtime.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A value of no interest to tensors, such as a device or a layout.</summary>
internal sealed record PickleOpaque(PickleGlobal Maker);

/// <summary>An array of elements in the file that tensors are views of.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Type">Element type, or null for bytes whose type each tensor gives.</param>
/// <param name="FirstElement">First element of a view into a larger array.</param>
/// <param name="Count">Number of elements; bytes when <paramref name="Type"/> is null.</param>
internal sealed record PickleStorage(string Key, TensorType? Type, long FirstElement, long Count);

/// <summary>A view of a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Type">Element type.</param>
/// <param name="Offset">First element.</param>
/// <param name="Shape">Extents.</param>
/// <param name="Strides">Elements between neighbours of each dimension.</param>
internal sealed record PickleTensor(PickleStorage Storage, TensorType Type, long Offset, long[] Shape, long[] Strides)
{
    internal long ElementCount => Shape.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Whether elements lie in row-major order without gaps.</summary>
    internal bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var d = Shape.Length - 1; d >= 0; d--)
            {
                if (Shape[d] == 1) continue;
                if (Strides[d] != expected) return false;
                expected *= Shape[d];
            }

            return true;
        }
    }
}

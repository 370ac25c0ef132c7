namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>One block format: fixed numbers of values and bytes, both ways.</summary>
internal interface IBlockFormat
{
    /// <summary>Its type, which gives the sizes.</summary>
    static abstract GgmlType Type { get; }

    /// <summary>Reads one block.</summary>
    static abstract void Dequantize(ReadOnlySpan<byte> block, Span<float> values);

    /// <summary>Writes one block.</summary>
    static abstract void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block);
}

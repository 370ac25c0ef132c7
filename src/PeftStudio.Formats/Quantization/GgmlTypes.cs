namespace PeftStudio.Formats.Quantization;

/// <summary>Block sizes of <see cref="GgmlType"/>: a row is a whole number of blocks, each a fixed number of values in a fixed number of bytes.</summary>
public static class GgmlTypes
{
    /// <summary>Values of the K, IQ and TQ types' blocks.</summary>
    internal const int SuperBlock = 256;

    /// <summary>Whether a number from a file is a type of this table.</summary>
    public static bool IsKnown(uint number) => number <= int.MaxValue && Sizes((GgmlType)number).Elements > 0;

    /// <summary>Values in a block; 1 for types that are not quantised.</summary>
    public static int BlockElements(GgmlType type) => Known(type).Elements;

    /// <summary>Bytes of a block.</summary>
    public static int BlockBytes(GgmlType type) => Known(type).Bytes;

    /// <summary>Bytes of a number of values.</summary>
    /// <param name="type">The type.</param>
    /// <param name="elements">A multiple of <see cref="BlockElements"/>.</param>
    /// <exception cref="ArgumentException">The count is no multiple of the block.</exception>
    /// <exception cref="OverflowException">The size exceeds 63 bits.</exception>
    public static long ByteCount(GgmlType type, long elements)
    {
        var (perBlock, bytes) = Known(type);
        if (elements % perBlock != 0) throw new ArgumentException($"{elements} values are no whole number of {type} blocks of {perBlock}", nameof(elements));
        return checked(elements / perBlock * bytes);
    }

    /// <summary>Whether values share scales in blocks.</summary>
    public static bool IsQuantized(GgmlType type) => BlockElements(type) > 1;

    /// <summary>Whether values are integers.</summary>
    public static bool IsInteger(GgmlType type) => type is GgmlType.I8 or GgmlType.I16 or GgmlType.I32 or GgmlType.I64;

    private static (int Elements, int Bytes) Known(GgmlType type)
    {
        var sizes = Sizes(type);
        return sizes.Elements > 0 ? sizes : throw new ArgumentOutOfRangeException(nameof(type), type, "unknown ggml type");
    }

    private static (int Elements, int Bytes) Sizes(GgmlType type) => type switch
    {
        GgmlType.F32 or GgmlType.I32 => (1, 4),
        GgmlType.F16 or GgmlType.BF16 or GgmlType.I16 => (1, 2),
        GgmlType.F64 or GgmlType.I64 => (1, 8),
        GgmlType.I8 => (1, 1),
        GgmlType.Q4_0 or GgmlType.IQ4_NL => (32, 18),
        GgmlType.Q4_1 => (32, 20),
        GgmlType.Q5_0 => (32, 22),
        GgmlType.Q5_1 => (32, 24),
        GgmlType.Q8_0 => (32, 34),
        GgmlType.Q8_1 => (32, 36),
        GgmlType.Q2_K => (SuperBlock, 84),
        GgmlType.Q3_K or GgmlType.IQ3_S => (SuperBlock, 110),
        GgmlType.Q4_K => (SuperBlock, 144),
        GgmlType.Q5_K => (SuperBlock, 176),
        GgmlType.Q6_K => (SuperBlock, 210),
        GgmlType.Q8_K => (SuperBlock, 292),
        GgmlType.IQ2_XXS or GgmlType.TQ2_0 => (SuperBlock, 66),
        GgmlType.IQ2_XS => (SuperBlock, 74),
        GgmlType.IQ2_S => (SuperBlock, 82),
        GgmlType.IQ3_XXS => (SuperBlock, 98),
        GgmlType.IQ1_S => (SuperBlock, 50),
        GgmlType.IQ1_M => (SuperBlock, 56),
        GgmlType.IQ4_XS => (SuperBlock, 136),
        GgmlType.TQ1_0 => (SuperBlock, 54),
        GgmlType.MXFP4 => (32, 17),
        GgmlType.NVFP4 => (64, 36),
        GgmlType.Q1_0 => (128, 18),
        GgmlType.Q2_0 => (64, 18),
        _ => (0, 0),
    };
}

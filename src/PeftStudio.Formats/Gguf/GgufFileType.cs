namespace PeftStudio.Formats.Gguf;

#pragma warning disable CA1707 // the members are llama.cpp's own names, underscores included
#pragma warning disable CA1720 // F32 and friends are the format's names

/// <summary>
/// What a GGUF file's weights are mostly stored as, with llama.cpp's numbers (<c>general.file_type</c>). The names with S, M and L are mixes:
/// some tensors get a better type than the rest.
/// </summary>
public enum GgufFileType
{
    /// <summary>Float32.</summary>
    F32 = 0,

    /// <summary>Binary16.</summary>
    F16 = 1,

    /// <summary>4-bit, 4.5 bits a weight.</summary>
    Q4_0 = 2,

    /// <summary>4-bit with minima, 5 bits a weight.</summary>
    Q4_1 = 3,

    /// <summary>8-bit, 8.5 bits a weight.</summary>
    Q8_0 = 7,

    /// <summary>5-bit, 5.5 bits a weight.</summary>
    Q5_0 = 8,

    /// <summary>5-bit with minima, 6 bits a weight.</summary>
    Q5_1 = 9,

    /// <summary>2-bit super-blocks.</summary>
    Q2_K = 10,

    /// <summary>3-bit super-blocks throughout.</summary>
    Q3_K_S = 11,

    /// <summary>3-bit super-blocks, better values and down projections.</summary>
    Q3_K_M = 12,

    /// <summary>3-bit super-blocks, still better ones.</summary>
    Q3_K_L = 13,

    /// <summary>4-bit super-blocks, few better tensors.</summary>
    Q4_K_S = 14,

    /// <summary>4-bit super-blocks, half of the values and down projections in 6 bits: the usual choice.</summary>
    Q4_K_M = 15,

    /// <summary>5-bit super-blocks throughout.</summary>
    Q5_K_S = 16,

    /// <summary>5-bit super-blocks, half of the values and down projections in 6 bits.</summary>
    Q5_K_M = 17,

    /// <summary>6-bit super-blocks.</summary>
    Q6_K = 18,

    /// <summary>4-bit uneven levels.</summary>
    IQ4_NL = 25,

    /// <summary>4-bit uneven levels in super-blocks.</summary>
    IQ4_XS = 30,

    /// <summary>Bfloat16.</summary>
    BF16 = 32,

    /// <summary>Ternary, five to a byte.</summary>
    TQ1_0 = 36,

    /// <summary>Ternary, four to a byte.</summary>
    TQ2_0 = 37,
}

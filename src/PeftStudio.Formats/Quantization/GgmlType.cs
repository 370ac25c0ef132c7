namespace PeftStudio.Formats.Quantization;

#pragma warning disable CA1707 // the members are ggml's own names, underscores included
#pragma warning disable CA1720 // F32 and friends are the format's names

/// <summary>Element types of GGUF files, with ggml's numbers. Sizes are in <see cref="GgmlTypes"/>.</summary>
public enum GgmlType
{
    /// <summary>IEEE binary32.</summary>
    F32 = 0,

    /// <summary>IEEE binary16.</summary>
    F16 = 1,

    /// <summary>32 values: scale, 4-bit codes around 8.</summary>
    Q4_0 = 2,

    /// <summary>32 values: scale, minimum, 4-bit codes.</summary>
    Q4_1 = 3,

    /// <summary>32 values: scale, 5-bit codes around 16.</summary>
    Q5_0 = 6,

    /// <summary>32 values: scale, minimum, 5-bit codes.</summary>
    Q5_1 = 7,

    /// <summary>32 values: scale, signed bytes.</summary>
    Q8_0 = 8,

    /// <summary>32 values: scale, sum, signed bytes; a type of activations, never of files.</summary>
    Q8_1 = 9,

    /// <summary>256 values: 16 groups with 4-bit scales and minima, 2-bit codes.</summary>
    Q2_K = 10,

    /// <summary>256 values: 16 groups with 6-bit scales, 3-bit codes.</summary>
    Q3_K = 11,

    /// <summary>256 values: 8 groups with 6-bit scales and minima, 4-bit codes.</summary>
    Q4_K = 12,

    /// <summary>256 values: 8 groups with 6-bit scales and minima, 5-bit codes.</summary>
    Q5_K = 13,

    /// <summary>256 values: 16 groups with 8-bit scales, 6-bit codes.</summary>
    Q6_K = 14,

    /// <summary>256 values: scale, signed bytes, sums; a type of activations, never of files.</summary>
    Q8_K = 15,

    /// <summary>256 values on a lattice, 2.06 bits a value.</summary>
    IQ2_XXS = 16,

    /// <summary>256 values on a lattice, 2.31 bits a value.</summary>
    IQ2_XS = 17,

    /// <summary>256 values on a lattice, 3.06 bits a value.</summary>
    IQ3_XXS = 18,

    /// <summary>256 values on a lattice, 1.56 bits a value.</summary>
    IQ1_S = 19,

    /// <summary>32 values: scale, codes into 16 unevenly spaced levels.</summary>
    IQ4_NL = 20,

    /// <summary>256 values on a lattice, 3.44 bits a value.</summary>
    IQ3_S = 21,

    /// <summary>256 values on a lattice, 2.56 bits a value.</summary>
    IQ2_S = 22,

    /// <summary>256 values: 8 groups with 6-bit scales, the levels of <see cref="IQ4_NL"/>.</summary>
    IQ4_XS = 23,

    /// <summary>Signed bytes.</summary>
    I8 = 24,

    /// <summary>Signed 16-bit integers.</summary>
    I16 = 25,

    /// <summary>Signed 32-bit integers.</summary>
    I32 = 26,

    /// <summary>Signed 64-bit integers.</summary>
    I64 = 27,

    /// <summary>IEEE binary64.</summary>
    F64 = 28,

    /// <summary>256 values on a lattice, 1.75 bits a value.</summary>
    IQ1_M = 29,

    /// <summary>The upper half of a binary32.</summary>
    BF16 = 30,

    /// <summary>256 values of −d, 0, d: five to a byte.</summary>
    TQ1_0 = 34,

    /// <summary>256 values of −d, 0, d: four to a byte.</summary>
    TQ2_0 = 35,

    /// <summary>32 four-bit floats with a shared power of two (OCP microscaling).</summary>
    MXFP4 = 39,

    /// <summary>64 four-bit floats with an 8-bit float scale for each 16.</summary>
    NVFP4 = 40,

    /// <summary>128 signs with a shared magnitude.</summary>
    Q1_0 = 41,

    /// <summary>64 values of −d, 0, d, 2d.</summary>
    Q2_0 = 42,
}

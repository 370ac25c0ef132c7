namespace PeftStudio.Formats.Tensors;

#pragma warning disable CA1707 // the members are the format's own names, underscores included

/// <summary>Element types that checkpoint files use, under the names of the safetensors format.</summary>
public enum TensorType
{
    /// <summary>Unsigned 64-bit integers.</summary>
    U64,

    /// <summary>Signed 64-bit integers.</summary>
    I64,

    /// <summary>IEEE binary64.</summary>
    F64,

    /// <summary>Two binary32 values: real, imaginary.</summary>
    C64,

    /// <summary>IEEE binary32.</summary>
    F32,

    /// <summary>Unsigned 32-bit integers.</summary>
    U32,

    /// <summary>Signed 32-bit integers.</summary>
    I32,

    /// <summary>The upper half of a binary32.</summary>
    BF16,

    /// <summary>IEEE binary16.</summary>
    F16,

    /// <summary>Unsigned 16-bit integers.</summary>
    U16,

    /// <summary>Signed 16-bit integers.</summary>
    I16,

    /// <summary>Float8 with 5 exponent bits, no negative zero.</summary>
    F8_E5M2FNUZ,

    /// <summary>Float8 with 4 exponent bits, no negative zero.</summary>
    F8_E4M3FNUZ,

    /// <summary>Float8, an exponent only.</summary>
    F8_E8M0,

    /// <summary>Float8 with 4 exponent bits.</summary>
    F8_E4M3,

    /// <summary>Float8 with 5 exponent bits.</summary>
    F8_E5M2,

    /// <summary>Signed bytes.</summary>
    I8,

    /// <summary>Unsigned bytes.</summary>
    U8,

    /// <summary>Float6 with 3 exponent bits, packed.</summary>
    F6_E3M2,

    /// <summary>Float6 with 2 exponent bits, packed.</summary>
    F6_E2M3,

    /// <summary>Float4, packed.</summary>
    F4,

    /// <summary>Booleans, one a byte.</summary>
    BOOL,
}

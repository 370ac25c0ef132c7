namespace PeftStudio.Formats.Tensors;

/// <summary>Sizes and names of <see cref="TensorType"/> members.</summary>
public static class TensorTypes
{
    /// <summary>Bits an element takes in a file: 4 to 64.</summary>
    public static int BitsOf(TensorType type) => type switch
    {
        TensorType.F4 => 4,
        TensorType.F6_E2M3 or TensorType.F6_E3M2 => 6,
        TensorType.BOOL or TensorType.U8 or TensorType.I8 => 8,
        TensorType.F8_E4M3 or TensorType.F8_E5M2 or TensorType.F8_E8M0 or TensorType.F8_E4M3FNUZ or TensorType.F8_E5M2FNUZ => 8,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 or TensorType.U16 => 16,
        TensorType.F32 or TensorType.I32 or TensorType.U32 => 32,
        TensorType.F64 or TensorType.I64 or TensorType.U64 or TensorType.C64 => 64,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "unknown element type"),
    };

    /// <summary>Whether elements are real floating-point numbers that have a value as float32.</summary>
    public static bool IsFloat(TensorType type) => type is TensorType.F64 or TensorType.F32 or TensorType.F16 or TensorType.BF16
        or TensorType.F8_E4M3 or TensorType.F8_E5M2 or TensorType.F8_E4M3FNUZ or TensorType.F8_E5M2FNUZ;
}

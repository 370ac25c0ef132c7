using PeftStudio.Formats.Tensors;
using static TorchSharp.torch;

namespace PeftStudio.Engine;

/// <summary>Element type of weights and activations.</summary>
public enum ComputeType
{
    /// <summary>IEEE binary32.</summary>
    Float32,

    /// <summary>bfloat16; norms, rotary angles, softmax and loss stay in float32, as in the reference.</summary>
    BFloat16,
}

/// <summary>Between the element types of files and those of libtorch.</summary>
internal static class ComputeTypes
{
    internal static ScalarType ToScalarType(this ComputeType type) => type == ComputeType.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    internal static TensorType ToTensorType(this ScalarType type) => type switch
    {
        ScalarType.Float32 => TensorType.F32,
        ScalarType.BFloat16 => TensorType.BF16,
        ScalarType.Float64 => TensorType.F64,
        ScalarType.Float16 => TensorType.F16,
        ScalarType.Int64 => TensorType.I64,
        ScalarType.Int32 => TensorType.I32,
        ScalarType.Byte => TensorType.U8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no file type for it"),
    };
}

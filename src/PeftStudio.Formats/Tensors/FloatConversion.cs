using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace PeftStudio.Formats.Tensors;

/// <summary>Conversions between float32 and the shorter floating-point types of checkpoint files, rounding to nearest even.</summary>
public static class FloatConversion
{
    /// <summary>Converts raw little-endian elements to float32. Every source type but F64 is exact.</summary>
    /// <param name="info">Gives the element type, and the name for messages.</param>
    /// <param name="source">Raw elements.</param>
    /// <param name="destination">One value an element.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnsupportedTensorType"/>: the type is not a floating-point one.</exception>
    public static void ToFloats(TensorInfo info, ReadOnlySpan<byte> source, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(info);
        switch (info.Type)
        {
            case TensorType.F32:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(destination);
                break;
            case TensorType.BF16:
                FromBFloat16(MemoryMarshal.Cast<byte, ushort>(source), destination);
                break;
            case TensorType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination);
                break;
            case TensorType.F64:
                var doubles = MemoryMarshal.Cast<byte, double>(source);
                for (var i = 0; i < destination.Length; i++) destination[i] = (float)doubles[i];
                break;
            case TensorType.F8_E4M3:
                for (var i = 0; i < destination.Length; i++) destination[i] = Float8.FromE4M3(source[i]);
                break;
            case TensorType.F8_E5M2:
                for (var i = 0; i < destination.Length; i++) destination[i] = Float8.FromE5M2(source[i]);
                break;
            default:
                throw new PeftStudioException(
                    ErrorCodes.UnsupportedTensorType, "element type cannot be read as floating-point values",
                    $"tensor '{info.Name}' as float32", $"element type {info.Type}",
                    "convert the checkpoint to F32, BF16 or F16 first");
        }
    }

    /// <summary>Widens bfloat16 bit patterns.</summary>
    public static void FromBFloat16(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        for (var i = 0; i < source.Length; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }

    /// <summary>Rounds float32 values to bfloat16 bit patterns, to nearest even; NaN stays a quiet NaN.</summary>
    public static void ToBFloat16(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        for (var i = 0; i < source.Length; i++) destination[i] = ToBFloat16(source[i]);
    }

    /// <summary>Rounds one float32 value to a bfloat16 bit pattern.</summary>
    public static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>Rounds a float32 value to bfloat16 and widens it again.</summary>
    public static float RoundToBFloat16(float value) => BitConverter.UInt32BitsToSingle((uint)ToBFloat16(value) << 16);
}

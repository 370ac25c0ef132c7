using System.Runtime.InteropServices;
using PeftStudio.Formats.Quantization.Blocks;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Quantization;

/// <summary>
/// ggml's quantised blocks to float32 and back. Reading gives the reference's float32 values bit for bit; writing gives the reference's
/// bytes (llama.cpp's file quantiser built without fused multiply-add). Thread-safe; nothing is kept.
/// </summary>
public static class BlockFormats
{
    /// <summary>Whether <see cref="Dequantize"/> knows the type: all but integers, activation types and the lattice types IQ1 to IQ3.</summary>
    public static bool CanDequantize(GgmlType type) => type is GgmlType.F32 or GgmlType.F16 or GgmlType.BF16 or GgmlType.F64 || CanQuantizeBlocks(type);

    /// <summary>Whether <see cref="Quantize"/> knows the type.</summary>
    public static bool CanQuantize(GgmlType type) => type is GgmlType.F32 or GgmlType.F16 or GgmlType.BF16 || CanQuantizeBlocks(type);

    /// <summary>Reads whole blocks as float32 values.</summary>
    /// <param name="type">Type of the blocks.</param>
    /// <param name="source">Blocks one after the other.</param>
    /// <param name="destination">As many values as the blocks hold.</param>
    /// <exception cref="ArgumentException">The two lengths do not belong together.</exception>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnsupportedTensorType"/>: see <see cref="CanDequantize"/>.</exception>
    public static void Dequantize(GgmlType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        RequireMatch(type, source.Length, destination.Length);
        switch (type)
        {
            case GgmlType.F32: MemoryMarshal.Cast<byte, float>(source).CopyTo(destination); break;
            case GgmlType.F16: System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination); break;
            case GgmlType.BF16: FloatConversion.FromBFloat16(MemoryMarshal.Cast<byte, ushort>(source), destination); break;
            case GgmlType.F64: Narrow(MemoryMarshal.Cast<byte, double>(source), destination); break;
            case GgmlType.Q4_0: Read<Q4_0>(source, destination); break;
            case GgmlType.Q4_1: Read<Q4_1>(source, destination); break;
            case GgmlType.Q5_0: Read<Q5_0>(source, destination); break;
            case GgmlType.Q5_1: Read<Q5_1>(source, destination); break;
            case GgmlType.Q8_0: Read<Q8_0>(source, destination); break;
            case GgmlType.Q2_K: Read<Q2_K>(source, destination); break;
            case GgmlType.Q3_K: Read<Q3_K>(source, destination); break;
            case GgmlType.Q4_K: Read<Q4_K>(source, destination); break;
            case GgmlType.Q5_K: Read<Q5_K>(source, destination); break;
            case GgmlType.Q6_K: Read<Q6_K>(source, destination); break;
            case GgmlType.IQ4_NL: Read<IQ4_NL>(source, destination); break;
            case GgmlType.IQ4_XS: Read<IQ4_XS>(source, destination); break;
            case GgmlType.TQ1_0: Read<TQ1_0>(source, destination); break;
            case GgmlType.TQ2_0: Read<TQ2_0>(source, destination); break;
            case GgmlType.MXFP4: Read<MXFP4>(source, destination); break;
            case GgmlType.NVFP4: Read<NVFP4>(source, destination); break;
            case GgmlType.Q1_0: Read<Q1_0>(source, destination); break;
            case GgmlType.Q2_0: Read<Q2_0>(source, destination); break;
            default: throw Unsupported(type, "read as floating-point values");
        }
    }

    /// <summary>Writes float32 values as blocks.</summary>
    /// <param name="type">Type of the blocks.</param>
    /// <param name="source">Values, a whole number of blocks; one row when importance weights are given.</param>
    /// <param name="destination">As many bytes as the blocks take.</param>
    /// <param name="importance">
    /// For one row only: a weight a column (the mean of its squared activations), which the types up to Q6_K and the IQ4 types
    /// then favour; the others ignore it. Empty for none.
    /// </param>
    /// <exception cref="ArgumentException">The lengths do not belong together.</exception>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnsupportedTensorType"/>: see <see cref="CanQuantize"/>.</exception>
    public static void Quantize(GgmlType type, ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance = default)
    {
        RequireMatch(type, destination.Length, source.Length);
        if (!importance.IsEmpty) ArgumentOutOfRangeException.ThrowIfNotEqual(importance.Length, source.Length, nameof(importance));
        switch (type)
        {
            case GgmlType.F32: source.CopyTo(MemoryMarshal.Cast<byte, float>(destination)); break;
            case GgmlType.F16: System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(source, MemoryMarshal.Cast<byte, Half>(destination)); break;
            case GgmlType.BF16: FloatConversion.ToBFloat16(source, MemoryMarshal.Cast<byte, ushort>(destination)); break;
            case GgmlType.Q4_0: Write<Q4_0>(source, importance, destination); break;
            case GgmlType.Q4_1: Write<Q4_1>(source, importance, destination); break;
            case GgmlType.Q5_0: Write<Q5_0>(source, importance, destination); break;
            case GgmlType.Q5_1: Write<Q5_1>(source, importance, destination); break;
            case GgmlType.Q8_0: Write<Q8_0>(source, importance, destination); break;
            case GgmlType.Q2_K: Write<Q2_K>(source, importance, destination); break;
            case GgmlType.Q3_K: Write<Q3_K>(source, importance, destination); break;
            case GgmlType.Q4_K: Write<Q4_K>(source, importance, destination); break;
            case GgmlType.Q5_K: Write<Q5_K>(source, importance, destination); break;
            case GgmlType.Q6_K: Write<Q6_K>(source, importance, destination); break;
            case GgmlType.IQ4_NL: Write<IQ4_NL>(source, importance, destination); break;
            case GgmlType.IQ4_XS: Write<IQ4_XS>(source, importance, destination); break;
            case GgmlType.TQ1_0: Write<TQ1_0>(source, importance, destination); break;
            case GgmlType.TQ2_0: Write<TQ2_0>(source, importance, destination); break;
            case GgmlType.MXFP4: Write<MXFP4>(source, importance, destination); break;
            case GgmlType.NVFP4: Write<NVFP4>(source, importance, destination); break;
            case GgmlType.Q1_0: Write<Q1_0>(source, importance, destination); break;
            case GgmlType.Q2_0: Write<Q2_0>(source, importance, destination); break;
            default: throw Unsupported(type, "written");
        }
    }

    private static bool CanQuantizeBlocks(GgmlType type) => type is GgmlType.Q4_0 or GgmlType.Q4_1 or GgmlType.Q5_0 or GgmlType.Q5_1 or GgmlType.Q8_0
        or GgmlType.Q2_K or GgmlType.Q3_K or GgmlType.Q4_K or GgmlType.Q5_K or GgmlType.Q6_K or GgmlType.IQ4_NL or GgmlType.IQ4_XS
        or GgmlType.TQ1_0 or GgmlType.TQ2_0 or GgmlType.MXFP4 or GgmlType.NVFP4 or GgmlType.Q1_0 or GgmlType.Q2_0;

    private static void Read<TFormat>(ReadOnlySpan<byte> source, Span<float> destination)
        where TFormat : IBlockFormat
    {
        var (elements, bytes) = (GgmlTypes.BlockElements(TFormat.Type), GgmlTypes.BlockBytes(TFormat.Type));
        for (; !source.IsEmpty; source = source[bytes..], destination = destination[elements..])
        {
            TFormat.Dequantize(source[..bytes], destination[..elements]);
        }
    }

    private static void Write<TFormat>(ReadOnlySpan<float> source, ReadOnlySpan<float> importance, Span<byte> destination)
        where TFormat : IBlockFormat
    {
        var (elements, bytes) = (GgmlTypes.BlockElements(TFormat.Type), GgmlTypes.BlockBytes(TFormat.Type));
        var weights = Importance.OfRow(source, importance);
        for (var i = 0; i * elements < source.Length; i++)
        {
            TFormat.Quantize(source.Slice(i * elements, elements), weights.Slice(i * elements, elements), destination.Slice(i * bytes, bytes));
        }
    }

    private static void Narrow(ReadOnlySpan<double> source, Span<float> destination)
    {
        for (var i = 0; i < source.Length; i++) destination[i] = (float)source[i];
    }

    private static void RequireMatch(GgmlType type, int bytes, int elements)
    {
        if (GgmlTypes.ByteCount(type, elements) != bytes) throw new ArgumentException($"{elements} {type} values take {GgmlTypes.ByteCount(type, elements)} bytes, not {bytes}", nameof(bytes));
    }

    private static PeftStudioException Unsupported(GgmlType type, string use) => new(
        ErrorCodes.UnsupportedTensorType, $"ggml type {type} cannot be {use}", $"values of ggml type {type}",
        "the type is none that files of weights need, or one of the lattice types IQ1 to IQ3",
        "use a file in another type, such as Q4_K_M, Q8_0 or F16");
}

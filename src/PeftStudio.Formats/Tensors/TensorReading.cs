using System.Buffers;
using System.Runtime.InteropServices;

namespace PeftStudio.Formats.Tensors;

/// <summary>Typed reads on top of <see cref="ITensorSource"/>: whole tensors as float32 or integers, in bounded pieces.</summary>
public static class TensorReading
{
    private const int PieceBytes = 1 << 20;

    /// <summary>Reads a floating-point tensor of any type into float32 values, piece by piece.</summary>
    /// <param name="source">Where the tensor lies.</param>
    /// <param name="name">Its name.</param>
    /// <param name="destination">As many values as the tensor has.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnsupportedTensorType"/>: not a floating-point type.</exception>
    public static void ReadFloats(this ITensorSource source, string name, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        var info = source.Tensors[name];
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, info.ElementCount, nameof(destination));
        if (info.Type == TensorType.F32 && BitConverter.IsLittleEndian)
        {
            source.Read(name, 0, MemoryMarshal.AsBytes(destination));
            return;
        }

        var elementBytes = TensorTypes.BitsOf(info.Type) / 8;
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var perPiece = PieceBytes / Math.Max(1, elementBytes);
            for (var done = 0; done < destination.Length;)
            {
                var count = Math.Min(perPiece, destination.Length - done);
                var bytes = buffer.AsSpan(0, count * elementBytes);
                source.Read(name, (long)done * elementBytes, bytes);
                FloatConversion.ToFloats(info, bytes, destination.Slice(done, count));
                done += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a whole floating-point tensor as float32 values.</summary>
    public static float[] ReadFloats(this ITensorSource source, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        var values = new float[source.Tensors[name].ElementCount];
        source.ReadFloats(name, values);
        return values;
    }

    /// <summary>Reads a whole integer or boolean tensor as 64-bit integers.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnsupportedTensorType"/>: not an integer type.</exception>
    public static long[] ReadIntegers(this ITensorSource source, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        var info = source.Tensors[name];
        var bytes = new byte[info.ByteCount];
        source.Read(name, 0, bytes);
        return info.Type switch
        {
            TensorType.I64 or TensorType.U64 => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
            TensorType.I32 => Widen<int>(bytes, static v => v),
            TensorType.U32 => Widen<uint>(bytes, static v => v),
            TensorType.I16 => Widen<short>(bytes, static v => v),
            TensorType.U16 => Widen<ushort>(bytes, static v => v),
            TensorType.I8 => Widen<sbyte>(bytes, static v => v),
            TensorType.U8 or TensorType.BOOL => Widen<byte>(bytes, static v => v),
            _ => throw new PeftStudioException(
                ErrorCodes.UnsupportedTensorType, "tensor does not hold integers",
                $"tensor '{name}' as integers", $"element type {info.Type}", "read it as floating-point values"),
        };
    }

    /// <summary>Reads a whole tensor's raw bytes.</summary>
    public static byte[] ReadBytes(this ITensorSource source, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        var bytes = new byte[source.Tensors[name].ByteCount];
        source.Read(name, 0, bytes);
        return bytes;
    }

    private static long[] Widen<T>(byte[] bytes, Func<T, long> widen)
        where T : struct
    {
        var values = MemoryMarshal.Cast<byte, T>(bytes);
        var result = new long[values.Length];
        for (var i = 0; i < result.Length; i++) result[i] = widen(values[i]);
        return result;
    }
}

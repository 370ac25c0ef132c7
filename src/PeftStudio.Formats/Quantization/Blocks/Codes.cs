using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>What all formats share: half-precision scales, nibbles, and codes times a scale.</summary>
internal static class Codes
{
    /// <summary>Reads a binary16 as float32.</summary>
    internal static float ReadHalf(ReadOnlySpan<byte> source) => (float)BinaryPrimitives.ReadHalfLittleEndian(source);

    /// <summary>Writes a float32 as binary16, rounded to nearest even, and returns what a reader will see.</summary>
    internal static float WriteHalf(Span<byte> destination, float value)
    {
        var half = (Half)value;
        BinaryPrimitives.WriteHalfLittleEndian(destination, half);
        return (float)half;
    }

    /// <summary>Low nibbles to the first half of the codes, high nibbles to the second.</summary>
    internal static void UnpackNibbles(ReadOnlySpan<byte> packed, Span<sbyte> codes)
    {
        var low = MemoryMarshal.AsBytes(codes)[..packed.Length];
        var high = MemoryMarshal.AsBytes(codes).Slice(packed.Length, packed.Length);
        var i = 0;
        for (; i <= packed.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var both = Vector128.Create(packed[i..]);
            (both & Vector128.Create((byte)15)).CopyTo(low[i..]);
            Vector128.ShiftRightLogical(both, 4).CopyTo(high[i..]);
        }

        for (; i < packed.Length; i++)
        {
            low[i] = (byte)(packed[i] & 15);
            high[i] = (byte)(packed[i] >> 4);
        }
    }

    /// <summary>The inverse: the first half of the codes to low nibbles, the second to high ones.</summary>
    internal static void PackNibbles(ReadOnlySpan<sbyte> codes, Span<byte> packed)
    {
        for (var i = 0; i < packed.Length; i++) packed[i] = (byte)(codes[i] + (codes[i + packed.Length] << 4));
    }

    /// <summary>values = scale·(codes + shift); the sum is one of small integers, so exact.</summary>
    internal static void Scale(ReadOnlySpan<sbyte> codes, int shift, float scale, Span<float> values)
    {
        var factor = Vector128.Create(scale);
        var add = Vector128.Create(shift);
        var i = 0;
        for (; i <= codes.Length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            var (a, b, c, d) = Widen(codes[i..], add);
            (a * factor).CopyTo(values[i..]);
            (b * factor).CopyTo(values[(i + 4)..]);
            (c * factor).CopyTo(values[(i + 8)..]);
            (d * factor).CopyTo(values[(i + 12)..]);
        }

        ScaleScalar(codes[i..], shift, scale, values[i..]);
    }

    /// <summary>values = scale·codes + offset, product and sum rounded one after the other.</summary>
    internal static void ScaleAdd(ReadOnlySpan<sbyte> codes, float scale, float offset, Span<float> values)
    {
        var factor = Vector128.Create(scale);
        var add = Vector128.Create(offset);
        var i = 0;
        for (; i <= codes.Length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
        {
            var (a, b, c, d) = Widen(codes[i..], Vector128<int>.Zero);
            ((a * factor) + add).CopyTo(values[i..]);
            ((b * factor) + add).CopyTo(values[(i + 4)..]);
            ((c * factor) + add).CopyTo(values[(i + 8)..]);
            ((d * factor) + add).CopyTo(values[(i + 12)..]);
        }

        ScaleAddScalar(codes[i..], scale, offset, values[i..]);
    }

    /// <summary>The definition of <see cref="Scale"/>.</summary>
    internal static void ScaleScalar(ReadOnlySpan<sbyte> codes, int shift, float scale, Span<float> values)
    {
        for (var i = 0; i < codes.Length; i++) values[i] = (codes[i] + shift) * scale;
    }

    /// <summary>The definition of <see cref="ScaleAdd"/>.</summary>
    internal static void ScaleAddScalar(ReadOnlySpan<sbyte> codes, float scale, float offset, Span<float> values)
    {
        for (var i = 0; i < codes.Length; i++) values[i] = (codes[i] * scale) + offset;
    }

    private static (Vector128<float> A, Vector128<float> B, Vector128<float> C, Vector128<float> D) Widen(ReadOnlySpan<sbyte> codes, Vector128<int> add)
    {
        var (low, high) = Vector128.Widen(Vector128.Create(codes));
        var (a, b) = Vector128.Widen(low);
        var (c, d) = Vector128.Widen(high);
        return (Vector128.ConvertToSingle(a + add), Vector128.ConvertToSingle(b + add), Vector128.ConvertToSingle(c + add), Vector128.ConvertToSingle(d + add));
    }
}

using System.Runtime.InteropServices;

namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>
/// 256 values in 210 bytes: 128 bytes of low nibbles, 64 bytes of upper two bits, 16 signed scales for each 16 values, f16 d.
/// Of each 128 values, byte l of 64 holds values l (low) and l + 64 (high); byte l of 32 the upper bits of l, l + 32, l + 64, l + 96.
/// Value = d·scale·(q − 32).
/// </summary>
internal abstract class Q6_K : IBlockFormat
{
    private const int Groups = 16;
    private const int Width = 16;

    public static GgmlType Type => GgmlType.Q6_K;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[GgmlTypes.SuperBlock], upper = stackalloc sbyte[GgmlTypes.SuperBlock];
        TwoBits.Unpack(block.Slice(128, 64), upper);
        for (var half = 0; half < 2; half++) Codes.UnpackNibbles(block.Slice(64 * half, 64), codes.Slice(128 * half, 128));
        for (var i = 0; i < codes.Length; i++) codes[i] |= (sbyte)(upper[i] << 4);
        var scales = MemoryMarshal.Cast<byte, sbyte>(block.Slice(192, Groups));
        var d = Codes.ReadHalf(block[208..]);
        for (var g = 0; g < Groups; g++) Codes.Scale(codes.Slice(g * Width, Width), -32, d * scales[g], values.Slice(g * Width, Width));
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        Span<sbyte> codes = stackalloc sbyte[GgmlTypes.SuperBlock];
        Span<float> scales = stackalloc float[Groups];
        for (var g = 0; g < Groups; g++)
        {
            var weights = importance.IsGiven ? importance.Weights.Slice(g * Width, Width) : default;
            scales[g] = ScaleSearch.Symmetric(values.Slice(g * Width, Width), weights, 32, codes.Slice(g * Width, Width));
        }

        var largest = Symmetric.LargestMagnitude(scales);
        if (MathF.Abs(largest) < ScaleSearch.Negligible)
        {
            block.Clear();
            return;
        }

        var inverse = -128f / largest;
        var d = Codes.WriteHalf(block[208..], 1 / inverse);
        for (var i = 0; i < values.Length; i++)
        {
            var scaleCode = (sbyte)Math.Min(127, ScaleSearch.Nearest(inverse * scales[i / Width]));
            block[192 + (i / Width)] = (byte)scaleCode;
            var scale = d * scaleCode;
            if (scale != 0) codes[i] = (sbyte)(Math.Clamp(ScaleSearch.Nearest(values[i] / scale), -32, 31) + 32);
        }

        Pack(codes, block);
    }

    private static void Pack(Span<sbyte> codes, Span<byte> block)
    {
        Span<sbyte> part = stackalloc sbyte[GgmlTypes.SuperBlock];
        for (var i = 0; i < codes.Length; i++) part[i] = (sbyte)(codes[i] >> 4);
        TwoBits.Pack(part, block.Slice(128, 64));
        for (var i = 0; i < codes.Length; i++) part[i] = (sbyte)(codes[i] & 15);
        for (var half = 0; half < 2; half++) Codes.PackNibbles(part.Slice(128 * half, 128), block.Slice(64 * half, 64));
    }
}

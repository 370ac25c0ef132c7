using System.Buffers.Binary;

namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>
/// 256 values in 136 bytes: f16 d, 8 upper pairs of scale bits (u16), 8 lower nibbles of the scales, nibbles of each 32 values as in
/// <see cref="Q4_0"/>. Value = d·(scale − 32)·level(q) with <see cref="UnevenLevels"/>.
/// </summary>
internal abstract class IQ4_XS : IBlockFormat
{
    private const int Groups = 8;
    private const int Width = 32;

    public static GgmlType Type => GgmlType.IQ4_XS;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = Codes.ReadHalf(block);
        var upper = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        Span<sbyte> codes = stackalloc sbyte[Width];
        for (var g = 0; g < Groups; g++)
        {
            Codes.UnpackNibbles(block.Slice(8 + (16 * g), 16), codes);
            UnevenLevels.Decode(codes);
            var scale = ((block[4 + (g / 2)] >> (4 * (g % 2))) & 15) | (((upper >> (2 * g)) & 3) << 4);
            Codes.Scale(codes, 0, d * (scale - 32), values.Slice(g * Width, Width));
        }
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        Span<float> scales = stackalloc float[Groups];
        var variance = Importance.SumOfSquares(values) * (2f / GgmlTypes.SuperBlock);
        for (var g = 0; g < Groups; g++)
        {
            scales[g] = UnevenLevels.FindScale(values.Slice(g * Width, Width), importance.Slice(g * Width, Width), variance);
        }

        // Unlike the K types, the codes are found with the factor before it is rounded to binary16.
        var d = -Symmetric.LargestMagnitude(scales) / 32;
        var inverse = d == 0 ? 0f : 1 / d;
        var upper = 0;
        Codes.WriteHalf(block, d);
        block.Slice(4, 4).Clear();
        Span<sbyte> codes = stackalloc sbyte[Width];
        for (var g = 0; g < Groups; g++)
        {
            var scaleCode = Math.Clamp(ScaleSearch.Nearest(inverse * scales[g]), -32, 31);
            var scale = d * scaleCode;
            var inverseScale = scale == 0 ? 0f : 1 / scale;
            for (var i = 0; i < Width; i++) codes[i] = UnevenLevels.Nearest(inverseScale * values[(g * Width) + i]);
            Codes.PackNibbles(codes, block.Slice(8 + (16 * g), 16));
            block[4 + (g / 2)] |= (byte)(((scaleCode + 32) & 15) << (4 * (g % 2)));
            upper |= ((scaleCode + 32) >> 4) << (2 * g);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block[2..], (ushort)upper);
    }
}

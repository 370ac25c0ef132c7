namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>
/// 256 values in 176 bytes: <see cref="SixBitScales"/>, 32 bytes of fifth bits (bit g of byte l belongs to value 32·g + l), nibbles as in
/// <see cref="Q4_K"/>. Value = scale·q − minimum.
/// </summary>
internal abstract class Q5_K : IBlockFormat
{
    private const int Fifth = SixBitScales.Bytes;
    private const int Nibbles = Fifth + 32;

    public static GgmlType Type => GgmlType.Q5_K;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[64];
        for (var pair = 0; pair < 4; pair++)
        {
            Codes.UnpackNibbles(block.Slice(Nibbles + (32 * pair), 32), codes);
            for (var part = 0; part < 2; part++)
            {
                var g = (2 * pair) + part;
                var group = codes.Slice(32 * part, 32);
                for (var l = 0; l < 32; l++) group[l] |= (sbyte)(((block[Fifth + l] >> g) & 1) << 4);
                var (scale, minimum) = SixBitScales.Of(block, g);
                Codes.ScaleAdd(group, scale, -minimum, values.Slice(32 * g, 32));
            }
        }
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        Span<sbyte> codes = stackalloc sbyte[GgmlTypes.SuperBlock];
        SixBitScales.Quantize(values, importance, new(31, -0.5f, 0.1f, 15), codes, block[..SixBitScales.Bytes]);
        block.Slice(Fifth, 32).Clear();
        for (var i = 0; i < codes.Length; i++)
        {
            block[Fifth + (i % 32)] |= (byte)((codes[i] >> 4) << (i / 32));
            codes[i] &= 15;
        }

        for (var pair = 0; pair < 4; pair++) Codes.PackNibbles(codes.Slice(64 * pair, 64), block.Slice(Nibbles + (32 * pair), 32));
    }
}

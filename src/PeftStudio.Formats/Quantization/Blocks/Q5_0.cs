using System.Buffers.Binary;

namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>32 values in 22 bytes: f16 d, 32 fifth bits (bit j of value j), nibbles as in <see cref="Q4_0"/>. Value = d·(q − 16).</summary>
internal abstract class Q5_0 : IBlockFormat
{
    public static GgmlType Type => GgmlType.Q5_0;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        Span<sbyte> codes = stackalloc sbyte[32];
        Unpack(block[2..], codes);
        Codes.Scale(codes, -16, Codes.ReadHalf(block), values);
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        Span<sbyte> codes = stackalloc sbyte[32];
        Symmetric.Quantize(values, importance, 16, codes, block);
        Pack(codes, block[2..]);
    }

    /// <summary>Joins the fifth bits (4 bytes) and the nibbles (16 bytes).</summary>
    internal static void Unpack(ReadOnlySpan<byte> packed, Span<sbyte> codes)
    {
        var fifth = BinaryPrimitives.ReadUInt32LittleEndian(packed);
        Codes.UnpackNibbles(packed[4..], codes);
        for (var i = 0; i < codes.Length; i++) codes[i] |= (sbyte)(((fifth >> i) & 1) << 4);
    }

    /// <summary>The inverse of <see cref="Unpack"/>.</summary>
    internal static void Pack(ReadOnlySpan<sbyte> codes, Span<byte> packed)
    {
        var fifth = 0u;
        Span<sbyte> low = stackalloc sbyte[32];
        for (var i = 0; i < codes.Length; i++)
        {
            fifth |= (uint)(codes[i] >> 4) << i;
            low[i] = (sbyte)(codes[i] & 15);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(packed, fifth);
        Codes.PackNibbles(low, packed.Slice(4, 16));
    }
}

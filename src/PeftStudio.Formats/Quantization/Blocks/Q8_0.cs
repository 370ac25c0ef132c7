using System.Runtime.InteropServices;

namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>32 values in 34 bytes: f16 d, signed bytes. Value = d·q.</summary>
internal abstract class Q8_0 : IBlockFormat
{
    public static GgmlType Type => GgmlType.Q8_0;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values) =>
        Codes.Scale(MemoryMarshal.Cast<byte, sbyte>(block[2..]), 0, Codes.ReadHalf(block), values);

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        var d = MathF.Abs(Symmetric.LargestMagnitude(values)) / 127;
        var inverse = d == 0 ? 0f : 1f / d;
        Codes.WriteHalf(block, d);
        for (var i = 0; i < values.Length; i++)
        {
            block[2 + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
        }
    }
}

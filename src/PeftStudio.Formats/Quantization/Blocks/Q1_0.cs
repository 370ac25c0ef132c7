namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>128 values in 18 bytes: f16 d, a bit a value from the low bits up. Value = d if the bit is set, else −d.</summary>
internal abstract class Q1_0 : IBlockFormat
{
    public static GgmlType Type => GgmlType.Q1_0;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = Codes.ReadHalf(block);
        for (var i = 0; i < values.Length; i++) values[i] = ((block[2 + (i / 8)] >> (i % 8)) & 1) != 0 ? d : -d;
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        var sum = 0f;
        foreach (var value in values) sum += MathF.Abs(value);
        Codes.WriteHalf(block, sum / values.Length);
        block[2..].Clear();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] >= 0) block[2 + (i / 8)] |= (byte)(1 << (i % 8));
        }
    }
}

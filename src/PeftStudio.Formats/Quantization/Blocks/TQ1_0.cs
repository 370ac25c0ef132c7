namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>
/// 256 values of −d, 0, d in 54 bytes: 48 bytes of five base-3 digits, 4 bytes of four, f16 d. A byte is ⌈v·256/243⌉ of the number v whose
/// digits, most significant first, belong to values that lie 32, 16 and 4 apart in the three ranges. Value = d·(digit − 1).
/// </summary>
internal abstract class TQ1_0 : IBlockFormat
{
    /// <summary>Ranges of values and bytes: first value, first byte, bytes, digits a byte.</summary>
    private static readonly (int Value, int Byte, int Count, int Digits)[] Ranges = [(0, 0, 32, 5), (160, 32, 16, 5), (240, 48, 4, 4)];

    public static GgmlType Type => GgmlType.TQ1_0;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = Codes.ReadHalf(block[52..]);
        foreach (var (value, first, count, digits) in Ranges)
        {
            for (var m = 0; m < count; m++)
            {
                var rest = block[first + m];
                for (var n = 0; n < digits; n++)
                {
                    values[value + (n * count) + m] = (((rest * 3) >> 8) - 1) * d;
                    rest *= 3;
                }
            }
        }
    }

    public static void Quantize(ReadOnlySpan<float> values, Importance importance, Span<byte> block)
    {
        var d = MathF.Abs(Symmetric.LargestMagnitude(values));
        var inverse = d == 0 ? 0f : 1 / d;
        Codes.WriteHalf(block[52..], d);
        foreach (var (value, first, count, digits) in Ranges)
        {
            for (var m = 0; m < count; m++)
            {
                var number = 0;
                for (var n = 0; n < digits; n++) number = (number * 3) + TQ2_0.Digit(values[value + (n * count) + m] * inverse);
                if (digits == 4) number *= 3;
                block[first + m] = (byte)(((number * 256) + 242) / 243);
            }
        }
    }
}

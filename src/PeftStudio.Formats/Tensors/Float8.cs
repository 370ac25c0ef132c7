namespace PeftStudio.Formats.Tensors;

/// <summary>Decoding of the OCP 8-bit floating-point formats (OFP8, revision 1.0).</summary>
internal static class Float8
{
    /// <summary>1 sign, 4 exponent (bias 7), 3 mantissa bits; no infinities, 0x7F and 0xFF are NaN.</summary>
    internal static float FromE4M3(byte bits)
    {
        if ((bits & 0x7F) == 0x7F) return float.NaN;
        var exponent = (bits >> 3) & 0xF;
        var mantissa = bits & 7;
        var magnitude = exponent == 0 ? mantissa * MathF.Pow(2, -9) : (1 + (mantissa / 8f)) * MathF.Pow(2, exponent - 7);
        return (bits & 0x80) != 0 ? -magnitude : magnitude;
    }

    /// <summary>1 sign, 5 exponent (bias 15), 2 mantissa bits: the upper byte of a binary16.</summary>
    internal static float FromE5M2(byte bits) => (float)BitConverter.UInt16BitsToHalf((ushort)(bits << 8));
}

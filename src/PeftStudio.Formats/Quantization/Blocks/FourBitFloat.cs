namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>The four-bit float of the OCP microscaling formats (E2M1), doubled so that every level is an integer.</summary>
internal static class FourBitFloat
{
    /// <summary>Twice the value of each code. Code 8 is −0, which stays a zero with the scale's sign.</summary>
    internal static ReadOnlySpan<sbyte> Doubled => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>Replaces codes by doubled values.</summary>
    internal static void Decode(Span<sbyte> codes)
    {
        for (var i = 0; i < codes.Length; i++) codes[i] = Doubled[codes[i]];
    }

    /// <summary>Code whose doubled value times the scale is nearest; a tie goes to the lower code.</summary>
    internal static sbyte Nearest(float value, float scale)
    {
        var (best, error) = (0, MathF.Abs((Doubled[0] * scale) - value));
        for (var code = 1; code < 16; code++)
        {
            var other = MathF.Abs((Doubled[code] * scale) - value);
            if (other < error) (best, error) = (code, other);
        }

        return (sbyte)best;
    }
}

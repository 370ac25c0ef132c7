namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>Four 2-bit codes to a byte in halves of 128: byte l of a half holds values l, l + 32, l + 64, l + 96 from the low bits up.</summary>
internal static class TwoBits
{
    internal static void Unpack(ReadOnlySpan<byte> packed, Span<sbyte> codes)
    {
        for (var half = 0; half < codes.Length; half += 128)
        {
            var bytes = packed.Slice(half / 4, 32);
            for (var part = 0; part < 4; part++)
            {
                var target = codes.Slice(half + (32 * part), 32);
                for (var l = 0; l < 32; l++) target[l] = (sbyte)((bytes[l] >> (2 * part)) & 3);
            }
        }
    }

    internal static void Pack(ReadOnlySpan<sbyte> codes, Span<byte> packed)
    {
        for (var half = 0; half < codes.Length; half += 128)
        {
            for (var l = 0; l < 32; l++)
            {
                var bits = 0;
                for (var part = 0; part < 4; part++) bits |= (codes[half + (32 * part) + l] & 3) << (2 * part);
                packed[(half / 4) + l] = (byte)bits;
            }
        }
    }
}

using System.Globalization;
using System.Numerics;
using System.Text;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Formatting;

/// <summary>Floats as Python writes them: shortest digits for <c>repr</c>, exact half-to-even rounding for the rest.</summary>
internal static class FloatText
{
    /// <summary>Python's <c>repr</c>: <c>22.0</c>, <c>1e+16</c>, <c>1e-05</c>, <c>inf</c>, <c>nan</c>.</summary>
    internal static string Repr(double value)
    {
        if (NotFinite(value) is { } special) return special;
        var (digits, exponent) = Shortest(value);
        var sign = double.IsNegative(value) ? "-" : "";
        return sign + (exponent is < -4 or >= 16 ? Scientific(digits, exponent, 'e') : Positional(digits, exponent, keepPoint: true));
    }

    internal static string? NotFinite(double value) =>
        double.IsNaN(value) ? "nan" : double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf") : null;

    /// <summary>Significant digits without trailing zeros and the power of ten of the first, for a finite value's magnitude.</summary>
    internal static (string Digits, int Exponent) Shortest(double value)
    {
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? shortest : shortest[..mark];
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal).TrimStart('0').TrimEnd('0');
        if (digits.Length == 0) return ("0", 0);
        return (digits, Exponent(mantissa, mark < 0 ? 0 : int.Parse(shortest.AsSpan(mark + 1), CultureInfo.InvariantCulture)));
    }

    /// <summary>Rounds a finite magnitude to a number of decimals, ties to even, on its exact binary value.</summary>
    /// <returns>All digits of the rounded integer <c>value · 10^decimals</c>.</returns>
    internal static BigInteger Scaled(double value, int decimals)
    {
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        var exponent = (int)(bits >> 52) & 0x7FF;
        var fraction = bits & 0xF_FFFF_FFFF_FFFF;
        BigInteger top = exponent == 0 ? fraction : fraction | 0x10_0000_0000_0000;
        var shift = (exponent == 0 ? 1 : exponent) - 1075;
        BigInteger bottom = 1;
        if (shift > 0) top <<= shift;
        else bottom <<= -shift;
        if (decimals >= 0) top *= BigInteger.Pow(10, decimals);
        else bottom *= BigInteger.Pow(10, -decimals);
        return HalfToEven(top, bottom);
    }

    /// <summary>Fixed notation of a finite magnitude with so many decimals.</summary>
    internal static string Fixed(double value, int decimals)
    {
        var digits = Scaled(value, decimals).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return decimals == 0 ? digits : $"{digits.AsSpan(0, digits.Length - decimals)}.{digits.AsSpan(digits.Length - decimals)}";
    }

    /// <summary>A finite magnitude rounded to so many significant digits (1 or more), with the power of ten of the first.</summary>
    internal static (string Digits, int Exponent) Significant(double value, int count)
    {
        if (value == 0) return (new string('0', count), 0);
        var exponent = Shortest(value).Exponent;
        var digits = Scaled(value, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
        if (digits.Length > count)
        {
            exponent++;
            digits = digits[..count];
        }

        return (digits.PadLeft(count, '0'), exponent);
    }

    internal static string Scientific(string digits, int exponent, char letter)
    {
        var text = new StringBuilder();
        text.Append(digits[0]);
        if (digits.Length > 1) text.Append('.').Append(digits, 1, digits.Length - 1);
        text.Append(letter).Append(exponent < 0 ? '-' : '+');
        return text.Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }

    /// <summary>Digits with the point in its place; with <paramref name="keepPoint"/> a whole number ends in <c>.0</c>.</summary>
    internal static string Positional(string digits, int exponent, bool keepPoint)
    {
        if (exponent < 0) return "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1) return digits.PadRight(exponent + 1, '0') + (keepPoint ? ".0" : "");
        return $"{digits.AsSpan(0, exponent + 1)}.{digits.AsSpan(exponent + 1)}";
    }

    private static BigInteger HalfToEven(BigInteger top, BigInteger bottom)
    {
        var whole = BigInteger.DivRem(top, bottom, out var rest);
        var order = (rest * 2).CompareTo(bottom);
        return order > 0 || (order == 0 && !whole.IsEven) ? whole + 1 : whole;
    }

    private static int Exponent(string mantissa, int written)
    {
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa : mantissa[..point];
        if (whole.TrimStart('0').Length > 0) return written + whole.TrimStart('0').Length - 1;
        var zeros = mantissa.AsSpan(point + 1).IndexOfAnyExcept('0');
        return written - zeros - 1;
    }
}

using System.Numerics;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Arithmetic on numbers by Python's rules: integers do not overflow, division is true, remainders take the divisor's sign.</summary>
internal static class Arithmetic
{
    internal static object Add(long x, long y)
    {
        var sum = unchecked(x + y);
        return ((x ^ sum) & (y ^ sum)) < 0 ? Numbers.Narrow((BigInteger)x + y) : sum;
    }

    internal static object Add(object x, object y) => x is double || y is double
        ? Numbers.ToDouble(x) + Numbers.ToDouble(y)
        : Numbers.Narrow(Numbers.ToBig(x) + Numbers.ToBig(y));

    internal static object Subtract(object x, object y) => x is double || y is double
        ? Numbers.ToDouble(x) - Numbers.ToDouble(y)
        : Numbers.Narrow(Numbers.ToBig(x) - Numbers.ToBig(y));

    internal static object Multiply(object x, object y) => x is double || y is double
        ? Numbers.ToDouble(x) * Numbers.ToDouble(y)
        : Numbers.Narrow(Numbers.ToBig(x) * Numbers.ToBig(y));

    internal static object Divide(object x, object y)
    {
        if (IsZero(y)) throw ByZero("division by zero");
        if (x is double || y is double) return Numbers.ToDouble(x) / Numbers.ToDouble(y);
        return Ratio(Numbers.ToBig(x), Numbers.ToBig(y));
    }

    internal static object FloorDivide(object x, object y)
    {
        if (IsZero(y)) throw ByZero("integer division or modulo by zero");
        if (x is double || y is double) return FloorDivide(Numbers.ToDouble(x), Numbers.ToDouble(y));
        var whole = BigInteger.DivRem(Numbers.ToBig(x), Numbers.ToBig(y), out var rest);
        return Numbers.Narrow(rest.Sign != 0 && rest.Sign != Numbers.ToBig(y).Sign ? whole - 1 : whole);
    }

    internal static object Modulo(object x, object y)
    {
        if (IsZero(y)) throw ByZero("integer modulo by zero");
        if (x is double || y is double) return Modulo(Numbers.ToDouble(x), Numbers.ToDouble(y));
        var divisor = Numbers.ToBig(y);
        var rest = BigInteger.Remainder(Numbers.ToBig(x), divisor);
        return Numbers.Narrow(rest.Sign != 0 && rest.Sign != divisor.Sign ? rest + divisor : rest);
    }

    internal static object Power(object x, object y)
    {
        if (x is double || y is double || Numbers.ToBig(y).Sign < 0) return Power(Numbers.ToDouble(x), Numbers.ToDouble(y));
        var number = Numbers.ToBig(x);
        var exponent = Numbers.ToBig(y);
        if (exponent.IsZero) return 1L;
        if (number.IsZero || number.IsOne) return Numbers.Narrow(number);
        if (number == BigInteger.MinusOne) return exponent.IsEven ? 1L : -1L;
        if (exponent > Numbers.MaxBits || (number.GetBitLength() - 1) * (long)exponent > Numbers.MaxBits)
        {
            throw JinjaError.Limit($"an integer of more than {Numbers.MaxBits} bits");
        }

        return Numbers.Narrow(BigInteger.Pow(number, (int)exponent));
    }

    private static double Power(double x, double y)
    {
        if (x == 0 && y < 0) throw ByZero("0.0 cannot be raised to a negative power");
        if (x < 0 && double.IsFinite(x) && double.IsFinite(y) && !double.IsInteger(y))
        {
            throw JinjaError.Python("a negative number to a fractional power is complex, which templates do not have");
        }

        var result = Math.Pow(x, y);
        return double.IsInfinity(result) && double.IsFinite(x) && double.IsFinite(y)
            ? throw JinjaError.Python("(34, 'Numerical result out of range')")
            : result;
    }

    private static double Modulo(double x, double y)
    {
        var rest = x % y;
        if (rest == 0) return Math.CopySign(0, y);
        return (y < 0) != (rest < 0) ? rest + y : rest;
    }

    /// <summary>The whole part consistent with <see cref="Modulo(double, double)"/>, as Python computes it.</summary>
    private static double FloorDivide(double x, double y)
    {
        var rest = x % y;
        var whole = (x - rest) / y;
        if (rest != 0 && (y < 0) != (rest < 0)) whole -= 1;
        if (whole == 0) return Math.CopySign(0, x / y);
        var floor = Math.Floor(whole);
        return whole - floor > 0.5 ? floor + 1 : floor;
    }

    /// <summary>The quotient of two integers, rounded once even when neither fits a float exactly.</summary>
    private static double Ratio(BigInteger x, BigInteger y)
    {
        if (BigInteger.Abs(x).GetBitLength() <= 53 && BigInteger.Abs(y).GetBitLength() <= 53) return (double)x / (double)y;
        var negative = x.Sign * y.Sign < 0;
        x = BigInteger.Abs(x);
        y = BigInteger.Abs(y);

        // Scaled so that the quotient has at least 55 bits; a bit for what is cut off keeps the one rounding of the cast right.
        var shift = Math.Max(0, 66 - (int)(x.GetBitLength() - y.GetBitLength()));
        var whole = BigInteger.DivRem(x << shift, y, out var rest);
        var value = Math.ScaleB((double)((whole << 1) | (rest.IsZero ? 0 : 1)), -shift - 1);
        if (double.IsInfinity(value)) throw JinjaError.Python("integer division result too large for a float");
        return negative ? -value : value;
    }

    private static bool IsZero(object value) => value switch
    {
        double real => real == 0,
        _ => Numbers.ToBig(value).IsZero,
    };

    private static JinjaError ByZero(string message) => JinjaError.Python(message);
}

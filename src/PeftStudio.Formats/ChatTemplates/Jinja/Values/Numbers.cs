using System.Numerics;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Integers without end, floats and booleans, which count as 0 and 1.</summary>
internal static class Numbers
{
    /// <summary>Largest integer in bits: far beyond any prompt, small enough that arithmetic on it costs nothing.</summary>
    internal const int MaxBits = 14_000;

    internal static bool IsNumber(object? value) => value is long or double or bool or BigInteger;

    internal static bool IsInteger(object? value) => value is long or bool or BigInteger;

    /// <summary>The narrowest form of an integer.</summary>
    internal static object Narrow(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue) return (long)value;
        return value.GetBitLength() <= MaxBits ? value : throw JinjaError.Limit($"an integer of more than {MaxBits} bits");
    }

    /// <summary>An integer that must fit 64 bits, such as an index or a count.</summary>
    internal static long ToLong(object? value) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        BigInteger big => big.Sign < 0 ? long.MinValue : long.MaxValue,
        Undefined undefined => throw undefined.Fail(),
        _ => throw JinjaError.Python($"'{PyTypes.NameOf(value)}' object cannot be interpreted as an integer"),
    };

    /// <summary>The same, cut to the range of a position in memory.</summary>
    internal static int ToInt(object? value) => (int)Math.Clamp(ToLong(value), int.MinValue, int.MaxValue);

    internal static BigInteger ToBig(object value) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => (BigInteger)value,
    };

    internal static double ToDouble(object value)
    {
        switch (value)
        {
            case double real: return real;
            case long number: return number;
            case bool flag: return flag ? 1 : 0;
            default:
                var wide = (double)(BigInteger)value;
                return double.IsFinite(wide) ? wide : throw JinjaError.Python("int too large to convert to float");
        }
    }

    /// <summary>Exact order of two numbers of any kind; null if one is not a number.</summary>
    internal static int? Compare(object x, object y)
    {
        if (x is long a && y is long b) return a.CompareTo(b);
        if (x is double || y is double)
        {
            if (x is double left && y is double right) return Compare(left, right);
            return x is double real ? Negate(CompareInteger(ToBig(y), real)) : CompareInteger(ToBig(x), (double)y);
        }

        return ToBig(x).CompareTo(ToBig(y));
    }

    private static int? Compare(double x, double y) => double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y);

    private static int? CompareInteger(BigInteger whole, double real)
    {
        if (double.IsNaN(real)) return null;
        if (double.IsInfinity(real)) return real > 0 ? -1 : 1;
        var floor = Math.Floor(real);
        var order = whole.CompareTo(new BigInteger(floor));
        return order == 0 && real > floor ? -1 : order;
    }

    private static int? Negate(int? order) => order is null ? null : -order;
}

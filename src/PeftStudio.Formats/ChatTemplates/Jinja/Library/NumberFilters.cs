using System.Globalization;
using System.Numerics;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>Filters that make numbers or write them.</summary>
internal static class NumberFilters
{
    /// <summary>Decimals beyond which rounding changes nothing: a float's last bit is 2 to the power of -1,074.</summary>
    private const int MaxDecimals = 1100;

    internal static object? Abs(RenderContext context, object? value, Arguments arguments) => value switch
    {
        double real => Math.Abs(real),
        long or bool or BigInteger => Numbers.Narrow(BigInteger.Abs(Numbers.ToBig(value))),
        Undefined => throw JinjaError.Python("bad operand type for abs(): 'Undefined'"),
        _ => throw JinjaError.Python($"bad operand type for abs(): '{PyTypes.NameOf(value)}'"),
    };

    internal static object? Int(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("int", 0, "default", "base");
        if (value is Undefined undefined) throw undefined.Fail();
        if (Markup.TextOf(value) is { } text)
        {
            context.Meter.Read(text.Length * 8);
            var radix = Numbers.ToLong(Filters.Or(bound[1], 10L));
            if (radix is 0 or (>= 2 and <= 36) && Integers.TryParse(text, (int)radix) is { } parsed) return parsed;
            value = ParseFloat(text);
        }

        return value switch
        {
            long or BigInteger => value,
            bool flag => flag ? 1L : 0L,
            double real when double.IsFinite(real) => Numbers.Narrow(new BigInteger(real)),
            _ => Filters.Or(bound[0], 0L),
        };
    }

    internal static object? Float(RenderContext context, object? value, Arguments arguments)
    {
        var otherwise = Filters.Or(arguments.Bind("float", 0, "default")[0], 0.0);
        if (value is Undefined undefined) throw undefined.Fail();
        if (Numbers.IsNumber(value)) return Numbers.ToDouble(value!);
        return Markup.TextOf(value) is { } text && ParseFloat(text) is { } real ? real : otherwise;
    }

    internal static object? Round(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("round", 0, "precision", "method");
        var method = Markup.TextOf(Filters.Or(bound[1], "common"));
        if (method is not ("common" or "ceil" or "floor")) throw JinjaError.Template("method must be common, ceil or floor");
        if (value is Undefined) throw JinjaError.Python("type Undefined doesn't define __round__ method");
        if (!Numbers.IsNumber(value)) throw JinjaError.Python($"type {PyTypes.NameOf(value)} doesn't define __round__ method");
        var precision = (int)Math.Clamp(Numbers.ToLong(Filters.Or(bound[0], 0L)), -MaxDecimals, MaxDecimals);
        if (method == "common") return value is double real ? (object)RoundFloat(real, precision) : RoundInteger(Numbers.ToBig(value!), precision);
        var scale = Operators.Power(10L, (long)precision);
        var scaled = Operators.Multiply(value, scale, context.Meter);
        return Operators.Divide(Whole(scaled, up: method == "ceil"), scale);
    }

    internal static object? FileSize(RenderContext context, object? value, Arguments arguments)
    {
        var binary = Filters.Flag(arguments.Bind("filesizeformat", 0, "binary")[0]);
        if (value is Undefined undefined) throw undefined.Fail();
        var bytes = Numbers.IsNumber(value) ? Numbers.ToDouble(value!)
            : Markup.TextOf(value) is { } text && ParseFloat(text) is { } parsed ? parsed
            : throw JinjaError.Python("could not convert the value to float");
        if (!double.IsFinite(bytes)) throw JinjaError.Python("cannot convert a float that is not finite to integer");
        var unit = binary ? 1024.0 : 1000.0;
        if (bytes == 1) return "1 Byte";
        if (bytes < unit) return string.Create(CultureInfo.InvariantCulture, $"{Math.Truncate(bytes):0} Bytes");
        var power = 1;
        while (power < 8 && bytes >= Math.Pow(unit, power + 1)) power++;
        return FloatText.Fixed(unit * bytes / Math.Pow(unit, power + 1), 1) + $" {"kMGTPEZY"[power - 1]}{(binary ? "iB" : "B")}".Replace("ki", "Ki", StringComparison.Ordinal);
    }

    /// <summary>Python's <c>float(text)</c>; null where the text is no number.</summary>
    private static double? ParseFloat(string text)
    {
        var digits = Trimming.Strip(text);
        if (digits.StartsWith('_') || digits.EndsWith('_') || digits.Contains("__", StringComparison.Ordinal)) return null;
        var bare = digits.TrimStart('+', '-').ToUpperInvariant();
        if (digits.Length - bare.Length > 1) return null;
        if (bare is "INF" or "INFINITY") return digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        if (bare == "NAN") return double.NaN;
        for (var i = 0; i < digits.Length; i++)
        {
            if (digits[i] == '_' && !(char.IsAsciiDigit(digits[i - 1]) && char.IsAsciiDigit(digits[i + 1]))) return null;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(digits.Replace("_", "", StringComparison.Ordinal), Style, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static double RoundFloat(double value, int decimals)
    {
        if (!double.IsFinite(value) || value == 0) return value;
        var scaled = FloatText.Scaled(value, decimals);
        var digits = string.Create(CultureInfo.InvariantCulture, $"{scaled}E{-decimals}");
        return Math.CopySign(double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture), value);
    }

    private static object RoundInteger(BigInteger value, int decimals)
    {
        if (decimals >= 0) return Numbers.Narrow(value);
        var unit = BigInteger.Pow(10, -decimals);
        var whole = BigInteger.DivRem(BigInteger.Abs(value), unit, out var rest);
        var order = (rest * 2).CompareTo(unit);
        if (order > 0 || (order == 0 && !whole.IsEven)) whole++;
        return Numbers.Narrow(whole * unit * value.Sign);
    }

    private static object Whole(object value, bool up)
    {
        if (value is not double real) return value;
        if (!double.IsFinite(real)) throw JinjaError.Python("cannot convert a float that is not finite to integer");
        return Numbers.Narrow(new BigInteger(up ? Math.Ceiling(real) : Math.Floor(real)));
    }
}

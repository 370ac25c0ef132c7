using System.Numerics;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>The arithmetic operators, with their meanings for texts and lists.</summary>
internal static class Operators
{
    internal static object Add(object? x, object? y, Meter meter)
    {
        if (x is string plain && y is string other) return Join(plain, other, meter);
        if (x is long a && y is long b) return Arithmetic.Add(a, b);
        if (Numbers.IsNumber(x) && Numbers.IsNumber(y)) return Arithmetic.Add(x!, y!);
        if (Markup.TextOf(x) is { } left && Markup.TextOf(y) is { } right)
        {
            // One of the two is marked here: the other is escaped and the sum is marked.
            return new Markup(Join(x is Markup ? left : Markup.Escape(left), y is Markup ? right : Markup.Escape(right), meter));
        }

        return (x, y) switch
        {
            (PyList first, PyList second) => new PyList(Join(first.Items, second.Items, meter)),
            (PyTuple first, PyTuple second) => new PyTuple(Join(first.Items, second.Items, meter)),
            (PyBytes first, PyBytes second) => new PyBytes([.. first.Values, .. second.Values]),
            _ => throw Unsupported("+", x, y),
        };
    }

    internal static object Subtract(object? x, object? y) =>
        Numbers.IsNumber(x) && Numbers.IsNumber(y) ? Arithmetic.Subtract(x!, y!) : throw Unsupported("-", x, y);

    internal static object Multiply(object? x, object? y, Meter meter)
    {
        if (Numbers.IsNumber(x) && Numbers.IsNumber(y)) return Arithmetic.Multiply(x!, y!);
        if (Numbers.IsInteger(x)) (x, y) = (y, x);
        if (!Numbers.IsInteger(y)) throw Unsupported("*", x, y);
        var times = Math.Max(0, Numbers.ToLong(y));
        switch (x)
        {
            case string or Markup: return Markup.Like(x, Repeat(Markup.TextOf(x)!, times, meter));
            case PyList list: return new PyList(Repeat(list.Items, times, meter));
            case PyTuple tuple: return new PyTuple(Repeat(tuple.Items, times, meter));
            default: throw Unsupported("*", x, y);
        }
    }

    internal static object Divide(object? x, object? y) =>
        Numbers.IsNumber(x) && Numbers.IsNumber(y) ? Arithmetic.Divide(x!, y!) : throw Unsupported("/", x, y);

    internal static object FloorDivide(object? x, object? y) =>
        Numbers.IsNumber(x) && Numbers.IsNumber(y) ? Arithmetic.FloorDivide(x!, y!) : throw Unsupported("//", x, y);

    internal static object Modulo(object? x, object? y, RenderContext context)
    {
        if (Numbers.IsNumber(x) && Numbers.IsNumber(y)) return Arithmetic.Modulo(x!, y!);
        if (x is string or Markup) return PercentFormat.Apply(x, y, context.Meter);
        throw Unsupported("%", x, y);
    }

    internal static object Power(object? x, object? y) =>
        Numbers.IsNumber(x) && Numbers.IsNumber(y) ? Arithmetic.Power(x!, y!) : throw Unsupported("** or pow()", x, y);

    internal static object Negate(object? value) => value switch
    {
        double real => -real,
        long or bool or BigInteger => Numbers.Narrow(-Numbers.ToBig(value)),
        Undefined undefined => throw undefined.Fail(),
        _ => throw JinjaError.Python($"bad operand type for unary -: '{PyTypes.NameOf(value)}'"),
    };

    internal static object Plus(object? value) => value switch
    {
        double => value,
        long or bool or BigInteger => Numbers.Narrow(Numbers.ToBig(value)),
        Undefined undefined => throw undefined.Fail(),
        _ => throw JinjaError.Python($"bad operand type for unary +: '{PyTypes.NameOf(value)}'"),
    };

    private static string Join(string x, string y, Meter meter)
    {
        meter.Make((long)x.Length + y.Length);
        return string.Concat(x, y);
    }

    private static object?[] Join(object?[] x, object?[] y, Meter meter)
    {
        meter.MakeItems((long)x.Length + y.Length);
        return [.. x, .. y];
    }

    private static string Repeat(string text, long times, Meter meter)
    {
        if (text.Length == 0 || times == 0) return "";
        meter.Make(times > int.MaxValue ? long.MaxValue / 2 : text.Length * times);
        return string.Concat(Enumerable.Repeat(text, (int)times));
    }

    private static object?[] Repeat(object?[] items, long times, Meter meter)
    {
        if (items.Length == 0 || times == 0) return [];
        meter.MakeItems(times > int.MaxValue ? long.MaxValue / 2 : items.Length * times);
        var all = new object?[items.Length * (int)times];
        for (var i = 0; i < all.Length; i += items.Length) items.CopyTo(all, i);
        return all;
    }

    private static JinjaError Unsupported(string sign, object? x, object? y) => (x as Undefined ?? y as Undefined)?.Fail()
        ?? JinjaError.Python($"unsupported operand type(s) for {sign}: '{PyTypes.NameOf(x)}' and '{PyTypes.NameOf(y)}'");
}

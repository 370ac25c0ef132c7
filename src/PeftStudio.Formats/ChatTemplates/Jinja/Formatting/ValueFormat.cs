using System.Numerics;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Formatting;

/// <summary>Python's <c>format(value, spec)</c>.</summary>
internal static class ValueFormat
{
    internal static string Apply(object? value, string spec, Meter meter)
    {
        if (spec.Length == 0) return PyText.Str(value, meter);
        meter.Read(spec.Length);
        var parsed = FormatSpec.Parse(spec);
        meter.Make(parsed.Width);
        return value switch
        {
            string or Markup => Text(Markup.TextOf(value)!, parsed),
            long or bool or BigInteger => Integer(Numbers.ToBig(value), parsed),
            double real => Float(real, parsed),
            _ => throw JinjaError.Python($"unsupported format string passed to {PyTypes.NameOf(value)}.__format__"),
        };
    }

    private static string Text(string text, FormatSpec spec)
    {
        if (spec.Type is not ('\0' or 's')) throw Unknown(spec, "str");
        if (spec.Sign != 0 || spec.Alternate || spec.Align == '=' || spec.Grouping != 0)
        {
            throw JinjaError.Python("Sign, '#', '=' and grouping are not allowed in string format specifier");
        }

        if (spec.Precision is { } limit && CodePoints.Count(text) > limit) text = text[..CodePoints.UnitOf(text, limit)];
        return Aligned("", text, spec, '<');
    }

    private static string Integer(BigInteger value, FormatSpec spec)
    {
        switch (spec.Type)
        {
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%':
                return Float(Numbers.ToDouble(Numbers.Narrow(value)), spec);
            case 'c':
                if (value < 0 || value > 0x10FFFF) throw JinjaError.Python("%c arg not in range(0x110000)");
                var character = new System.Text.StringBuilder();
                CodePoints.Append(character, (int)value);
                return Aligned("", character.ToString(), spec, '<');
            case '\0' or 'd' or 'n' or 'b' or 'o' or 'x' or 'X':
                if (spec.Precision is not null) throw JinjaError.Python("Precision not allowed in integer format specifier");
                if (spec.Grouping == ',' && spec.Type is not ('\0' or 'd')) throw JinjaError.Python($"Cannot specify ',' with '{spec.Type}'.");
                var digits = NumberDigits.Integer(BigInteger.Abs(value), spec.Type);
                var prefix = spec.Alternate && spec.Type is ('b' or 'o' or 'x' or 'X') ? $"0{spec.Type}" : "";
                return Number(SignOf(value.Sign < 0, spec) + prefix, digits, spec, spec.Type is 'b' or 'o' or 'x' or 'X' ? 4 : 3);
            default: throw Unknown(spec, "int");
        }
    }

    private static string Float(double value, FormatSpec spec)
    {
        var sign = SignOf(double.IsNegative(value) && !double.IsNaN(value), spec);
        switch (spec.Type)
        {
            case '\0' when spec.Precision is null:
                return Number(sign, FloatText.Repr(value).TrimStart('-'), spec, 3);
            case '\0':
                return Number(sign, NumberDigits.Plain(value, spec.Precision.Value), spec, 3);
            case '%':
                return Number(sign, NumberDigits.Float(value * 100, 'f', spec.Precision ?? 6, spec.Alternate) + "%", spec, 3);
            case 'n':
                return Number(sign, NumberDigits.Float(value, 'g', spec.Precision ?? 6, spec.Alternate), spec, 3);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                return Number(sign, NumberDigits.Float(value, spec.Type, spec.Precision ?? 6, spec.Alternate), spec, 3);
            default: throw Unknown(spec, "float");
        }
    }

    private static string Number(string sign, string digits, FormatSpec spec, int groupSize)
    {
        if (spec.Grouping != 0)
        {
            // Zeros in front are grouped like the digits behind them.
            digits = NumberDigits.Group(digits, spec.Grouping, groupSize, spec.ZeroPadded ? spec.Width - sign.Length : 0);
        }

        return Aligned(sign, digits, spec, spec.ZeroPadded ? '=' : '>');
    }

    private static string Aligned(string sign, string body, FormatSpec spec, char usual)
    {
        var missing = spec.Width - sign.Length - CodePoints.Count(body);
        if (missing <= 0) return sign + body;
        var left = spec.Align == 0 ? usual : spec.Align;
        var before = left switch { '<' => 0, '^' => missing / 2, _ => missing };
        var (start, end) = (Repeat(spec.Fill, before), Repeat(spec.Fill, missing - before));
        return left == '=' ? sign + start + body : start + sign + body + end;
    }

    private static string SignOf(bool negative, FormatSpec spec) =>
        negative ? "-" : spec.Sign switch { '+' => "+", ' ' => " ", _ => "" };

    private static string Repeat(string fill, int count) => string.Concat(Enumerable.Repeat(fill, count));

    private static JinjaError Unknown(FormatSpec spec, string type) =>
        JinjaError.Python($"Unknown format code '{spec.Type}' for object of type '{type}'");
}

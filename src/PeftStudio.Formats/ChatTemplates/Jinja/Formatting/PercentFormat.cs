using System.Globalization;
using System.Numerics;
using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Formatting;

/// <summary>Python's <c>text % values</c>. A marked text escapes what is put into it.</summary>
internal sealed class PercentFormat
{
    private const int MaxNumber = 1_000_000;

    private readonly string text;
    private readonly object owner;
    private readonly Meter meter;
    private readonly object?[] values;
    private readonly object? mapping;
    private readonly StringBuilder made = new();
    private int at;
    private int used;

    private PercentFormat(object owner, object? argument, Meter meter)
    {
        this.owner = owner;
        this.meter = meter;
        text = Markup.TextOf(owner)!;
        values = argument is PyTuple tuple ? tuple.Items : [argument];
        mapping = argument is PyDict or PyList or Undefined or PyRange or PyBytes ? argument : null;
    }

    internal static object Apply(object owner, object? argument, Meter meter) =>
        Markup.Like(owner, new PercentFormat(owner, argument, meter).Run());

    /// <summary>A text with everything but ASCII escaped, as Python's <c>ascii</c> does to a <c>repr</c>.</summary>
    internal static string Ascii(string repr)
    {
        var escaped = new StringBuilder(repr.Length);
        for (var i = 0; i < repr.Length; i += CodePoints.UnitsAt(repr, i))
        {
            var value = CodePoints.ValueAt(repr, i);
            if (value < 0x80) escaped.Append((char)value);
            else escaped.Append(CultureInfo.InvariantCulture, $"\\{(value < 0x100 ? $"x{value:x2}" : value < 0x10000 ? $"u{value:x4}" : $"U{value:x8}")}");
        }

        return escaped.ToString();
    }

    private string Run()
    {
        meter.Read(text.Length);
        while (at < text.Length)
        {
            var next = text.IndexOf('%', at);
            made.Append(text, at, (next < 0 ? text.Length : next) - at);
            if (next < 0) break;
            at = next + 1;
            Directive();
            if (made.Length > meter.MaxCharacters) meter.Make(made.Length);
        }

        if (used < values.Length && mapping is null) throw JinjaError.Python("not all arguments converted during string formatting");
        return made.ToString();
    }

    private void Directive()
    {
        meter.Step();
        var (isKeyed, keyed) = Key();
        var (left, plus, blank, alternate, zero) = Flags();
        var width = Count() ?? 0;
        if (width < 0) (left, width) = (true, -width);
        int? precision = null;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            precision = Math.Max(0, Count() ?? 0);
        }

        if (at < text.Length && text[at] is 'h' or 'l' or 'L') at++;
        if (at >= text.Length) throw JinjaError.Python("incomplete format");
        var type = text[at++];
        if (type == '%')
        {
            made.Append('%');
            return;
        }

        var value = isKeyed ? keyed : Next();
        var body = type switch
        {
            's' or 'r' or 'a' => Cut(Escaped(Text(value, type)), precision),
            'c' => Character(value),
            _ => null,
        };
        meter.Make(width);
        if (body is not null)
        {
            made.Append(left ? Padding.Left(body, width, " ", meter) : Padding.Right(body, width, " ", meter));
            return;
        }

        var (negative, prefix, digits) = Number(value, type, precision, alternate);
        var sign = (negative ? "-" : plus ? "+" : blank ? " " : "") + prefix;
        var missing = width - sign.Length - digits.Length;
        if (missing <= 0) made.Append(sign).Append(digits);
        else if (left) made.Append(sign).Append(digits).Append(' ', missing);
        else if (zero) made.Append(sign).Append('0', missing).Append(digits);
        else made.Append(' ', missing).Append(sign).Append(digits);
    }

    private (bool Keyed, object? Value) Key()
    {
        if (at >= text.Length || text[at] != '(') return (false, null);
        var start = ++at;
        for (var level = 1; at < text.Length; at++)
        {
            if (text[at] == '(') level++;
            else if (text[at] == ')' && --level == 0) break;
        }

        if (at >= text.Length) throw JinjaError.Python("incomplete format key");
        var key = text[start..at++];
        if (mapping is not PyDict dict) throw JinjaError.Python("format requires a mapping");
        used = values.Length;
        return dict.TryGet(key, out var value) ? (true, value) : throw JinjaError.Python($"KeyError: '{key}'");
    }

    private (bool Left, bool Plus, bool Blank, bool Alternate, bool Zero) Flags()
    {
        var flags = (Left: false, Plus: false, Blank: false, Alternate: false, Zero: false);
        for (; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '-': flags.Left = true; break;
                case '+': flags.Plus = true; break;
                case ' ': flags.Blank = true; break;
                case '#': flags.Alternate = true; break;
                case '0': flags.Zero = true; break;
                default: return flags;
            }
        }

        return flags;
    }

    private int? Count()
    {
        if (at < text.Length && text[at] == '*')
        {
            at++;
            var value = Next();
            return Numbers.IsInteger(value) && Math.Abs(Numbers.ToLong(value) + 0.0) <= MaxNumber
                ? (int)Numbers.ToLong(value)
                : throw JinjaError.Python("* wants int");
        }

        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        if (at == start) return null;
        return int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxNumber
            ? number
            : throw JinjaError.Python("width too big");
    }

    private object? Next() => used < values.Length ? values[used++] : throw JinjaError.Python("not enough arguments for format string");

    private object? Text(object? value, char type) => type switch
    {
        's' => value is Markup ? value : PyText.Str(value, meter),
        'r' => PyText.Repr(value, meter),
        _ => Ascii(PyText.Repr(value, meter)),
    };

    private string Escaped(object? value) => owner is Markup ? HtmlText.Escape(value, meter).Text : Markup.TextOf(value)!;

    private static string Cut(string value, int? precision) =>
        precision is { } limit && CodePoints.Count(value) > limit ? value[..CodePoints.UnitOf(value, limit)] : value;

    private static string Character(object? value)
    {
        if (Markup.TextOf(value) is { } single && CodePoints.Count(single) == 1) return single;
        if (!Numbers.IsInteger(value)) throw JinjaError.Python("%c requires int or char");
        var number = Numbers.ToLong(value);
        if (number is < 0 or > 0x10FFFF) throw JinjaError.Python("%c arg not in range(0x110000)");
        var character = new StringBuilder();
        CodePoints.Append(character, (int)number);
        return character.ToString();
    }

    private static (bool Negative, string Prefix, string Digits) Number(object? value, char type, int? precision, bool alternate)
    {
        switch (type)
        {
            case 'd' or 'i' or 'u':
                if (value is double real && double.IsFinite(real)) value = Numbers.Narrow(new BigInteger(real));
                break;
            case 'o' or 'x' or 'X': break;
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                if (!Numbers.IsNumber(value)) throw JinjaError.Python($"must be real number, not {PyTypes.NameOf(value)}");
                var number = Numbers.ToDouble(value!);
                return (double.IsNegative(number) && !double.IsNaN(number), "", NumberDigits.Float(number, type, precision ?? 6, alternate));
            default: throw JinjaError.Python($"unsupported format character '{type}'");
        }

        if (!Numbers.IsInteger(value)) throw JinjaError.Python($"%{type} format: an integer is required, not {PyTypes.NameOf(value)}");
        var whole = Numbers.ToBig(value!);
        var digits = NumberDigits.Integer(BigInteger.Abs(whole), type is 'o' or 'x' or 'X' ? type : 'd').PadLeft(precision ?? 0, '0');
        return (whole.Sign < 0, alternate && type is ('o' or 'x' or 'X') ? $"0{type}" : "", digits);
    }
}

using System.Globalization;
using System.Numerics;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Formatting;

/// <summary>Digits of numbers without sign, in the notations both formatting languages of Python share.</summary>
internal static class NumberDigits
{
    /// <summary>A precision beyond which a float has only zeros: its exact value has at most 1,074 decimals.</summary>
    private const int MaxPrecision = 5000;

    /// <summary>Digits of an integer's magnitude for <c>b</c>, <c>o</c>, <c>x</c>, <c>X</c> and <c>d</c>.</summary>
    internal static string Integer(BigInteger magnitude, char type)
    {
        switch (type)
        {
            case 'x' or 'X':
                var hex = magnitude.ToString(type == 'x' ? "x" : "X", CultureInfo.InvariantCulture).TrimStart('0');
                return hex.Length == 0 ? "0" : hex;
            case 'b' or 'o':
                var bits = magnitude.ToString("b", CultureInfo.InvariantCulture).TrimStart('0');
                return bits.Length == 0 ? "0" : type == 'b' ? bits : Octal(bits);
            default: return magnitude.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Digits of a float's magnitude for <c>e</c>, <c>f</c>, <c>g</c> and their capitals.</summary>
    internal static string Float(double value, char type, int precision, bool alternate)
    {
        if (FloatText.NotFinite(value) is { } special) return Case(special.TrimStart('-'), type);
        if (precision > MaxPrecision) throw JinjaError.Limit($"a number with more than {MaxPrecision} decimals");
        var body = char.ToLowerInvariant(type) switch
        {
            'f' => Pointed(FloatText.Fixed(value, precision), alternate),
            'e' => Exponential(value, precision, alternate),
            _ => General(value, Math.Max(1, precision), alternate),
        };
        return Case(body, type);
    }

    /// <summary>The form of a float with a precision but no letter: like <c>g</c>, but a whole number keeps <c>.0</c>.</summary>
    internal static string Plain(double value, int precision)
    {
        if (FloatText.NotFinite(value) is { } special) return special.TrimStart('-');
        var (digits, exponent) = FloatText.Significant(value, Math.Max(1, precision));
        return exponent < -4 || exponent >= precision - 1
            ? FloatText.Scientific(Trim(digits), exponent, 'e')
            : FloatText.Positional(Trim(digits), exponent, keepPoint: true);
    }

    /// <summary>Puts a separator between groups of digits of the whole part.</summary>
    internal static string Group(string digits, char separator, int size, int minimum)
    {
        var end = digits.AsSpan().IndexOfAny(".eE%");
        var (whole, rest) = end < 0 ? (digits, "") : (digits[..end], digits[end..]);
        var grouped = new System.Text.StringBuilder();
        var taken = 0;
        for (var i = whole.Length - 1; i >= 0 || grouped.Length + rest.Length < minimum; i--)
        {
            if (taken > 0 && taken % size == 0) grouped.Insert(0, separator);
            grouped.Insert(0, i >= 0 ? whole[i] : '0');
            taken++;
        }

        return grouped + rest;
    }

    private static string Exponential(double value, int precision, bool alternate)
    {
        var (digits, exponent) = FloatText.Significant(value, precision + 1);
        var text = FloatText.Scientific(digits, exponent, 'e');
        return alternate && digits.Length == 1 ? text.Insert(1, ".") : text;
    }

    private static string General(double value, int precision, bool alternate)
    {
        var (digits, exponent) = FloatText.Significant(value, precision);
        if (!alternate) digits = Trim(digits);
        if (exponent < -4 || exponent >= precision) return FloatText.Scientific(digits, exponent, 'e');
        return Pointed(FloatText.Positional(digits, exponent, keepPoint: false), alternate);
    }

    private static string Trim(string digits)
    {
        var trimmed = digits.TrimEnd('0');
        return trimmed.Length == 0 ? "0" : trimmed;
    }

    private static string Pointed(string digits, bool alternate) =>
        alternate && !digits.Contains('.', StringComparison.Ordinal) ? digits + "." : digits;

    private static string Case(string text, char type) => char.IsAsciiLetterUpper(type) ? text.ToUpperInvariant() : text;

    private static string Octal(string bits)
    {
        bits = bits.PadLeft((bits.Length + 2) / 3 * 3, '0');
        return string.Create(bits.Length / 3, bits, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = (char)('0' + (((source[3 * i] - '0') * 4) + ((source[(3 * i) + 1] - '0') * 2) + (source[(3 * i) + 2] - '0')));
            }
        });
    }
}

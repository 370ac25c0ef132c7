using System.Globalization;
using System.Numerics;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Reading integers of any size from digits.</summary>
internal static class Integers
{
    /// <summary>Most digits that are read; Python's own bound.</summary>
    private const int MaxDigits = 4300;

    /// <summary>The value of digits without sign, prefix or underscores, all valid for the radix (2 to 36).</summary>
    internal static object Parse(string digits, int radix)
    {
        if (digits.Length > MaxDigits) throw JinjaError.Python($"Exceeds the limit ({MaxDigits} digits) for integer string conversion");
        if (radix == 10 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var small)) return small;
        BigInteger value = 0;
        foreach (var c in digits) value = (value * radix) + DigitOf(c);
        return Numbers.Narrow(value);
    }

    /// <summary>Python's <c>int(text, radix)</c>; null where the text is no such number.</summary>
    /// <param name="text">Digits, with white space around, a sign, a prefix that fits the radix, and single underscores allowed.</param>
    /// <param name="radix">2 to 36, or 0 to go by the prefix.</param>
    internal static object? TryParse(string text, int radix)
    {
        var digits = Text.Trimming.Strip(text);
        var negative = digits is ['-', ..];
        if (digits is ['-' or '+', ..]) digits = digits[1..];
        if (digits is ['0', var letter, ..])
        {
            var prefixed = char.ToLowerInvariant(letter) switch { 'b' => 2, 'o' => 8, 'x' => 16, _ => 0 };
            if (prefixed != 0 && (radix == prefixed || radix == 0))
            {
                radix = prefixed;
                digits = digits[2] == '_' ? digits[3..] : digits[2..];
            }
        }

        if (radix == 0) radix = digits.TrimStart('0', '_').Length > 0 && digits[0] == '0' ? 1 : 10;
        if (digits.Length == 0 || digits[0] == '_' || digits[^1] == '_' || digits.Contains("__", StringComparison.Ordinal)) return null;
        digits = digits.Replace("_", "", StringComparison.Ordinal);
        if (digits.Any(c => DigitOf(c) >= radix)) return null;
        var value = Parse(digits, radix);
        return negative ? Numbers.Narrow(-Numbers.ToBig(value)) : value;
    }

    private static int DigitOf(char c)
    {
        if (char.IsAsciiDigit(c)) return c - '0';
        if (char.IsAsciiLetter(c)) return char.ToLowerInvariant(c) - 'a' + 10;
        return CharUnicodeInfo.GetDecimalDigitValue(c) is var digit and >= 0 ? digit : int.MaxValue;
    }
}

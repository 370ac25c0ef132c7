using System.Globalization;
using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Syntax;

/// <summary>Escapes of string literals, as Python reads them. An unknown escape stays as it is written.</summary>
internal static class StringLiteral
{
    internal static string Unescape(string text, int line)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var value = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                value.Append(text[i++]);
                continue;
            }

            var letter = text[i + 1];
            i += 2;
            switch (letter)
            {
                case '\n': break;
                case '\\' or '\'' or '"': value.Append(letter); break;
                case 'a': value.Append('\a'); break;
                case 'b': value.Append('\b'); break;
                case 'f': value.Append('\f'); break;
                case 'n': value.Append('\n'); break;
                case 'r': value.Append('\r'); break;
                case 't': value.Append('\t'); break;
                case 'v': value.Append('\v'); break;
                case >= '0' and <= '7': CodePoints.Append(value, Octal(text, ref i)); break;
                case 'x': CodePoints.Append(value, Hex(text, ref i, 2, line)); break;
                case 'u': CodePoints.Append(value, Hex(text, ref i, 4, line)); break;
                case 'U': CodePoints.Append(value, Hex(text, ref i, 8, line)); break;
                case 'N': throw JinjaError.Syntax("characters by name (\\N) are not supported", line);
                default: value.Append('\\').Append(letter); break;
            }
        }

        return value.ToString();
    }

    private static int Octal(string text, ref int at)
    {
        var value = text[at - 1] - '0';
        for (var digits = 1; digits < 3 && at < text.Length && text[at] is >= '0' and <= '7'; digits++) value = (value * 8) + text[at++] - '0';
        return value;
    }

    private static int Hex(string text, ref int at, int digits, int line)
    {
        if (at + digits > text.Length
            || !uint.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw JinjaError.Syntax("truncated escape in a string", line);
        }

        if (value > 0x10FFFF) throw JinjaError.Syntax("illegal Unicode character in a string", line);
        at += digits;
        return (int)value;
    }
}

using System.Globalization;
using System.Text;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Formatting;

/// <summary>C's <c>strftime</c> in its own locale: English names whatever the machine speaks.</summary>
internal static class TimeText
{
    internal static string Format(DateTimeOffset time, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var flag = format[i + 1] is '-' or '_' or '0' or '^' or '#' && i + 2 < format.Length ? format[++i] : '\0';
            var letter = format[++i];
            text.Append(Directive(time, letter, flag) ?? $"%{(flag == 0 ? "" : flag.ToString())}{letter}");
        }

        return text.ToString();
    }

    private static string? Directive(DateTimeOffset time, char letter, char flag)
    {
        var names = letter switch
        {
            'a' => Written(time, "ddd"),
            'A' => Written(time, "dddd"),
            'b' or 'h' => Written(time, "MMM"),
            'B' => Written(time, "MMMM"),
            'p' => time.Hour < 12 ? "AM" : "PM",
            'P' => time.Hour < 12 ? "am" : "pm",
            'c' => Format(time, "%a %b %e %H:%M:%S %Y"),
            'D' or 'x' => Format(time, "%m/%d/%y"),
            'F' => Format(time, "%Y-%m-%d"),
            'T' or 'X' => Format(time, "%H:%M:%S"),
            'R' => Format(time, "%H:%M"),
            'r' => Format(time, "%I:%M:%S %p"),
            'f' => (time.Ticks % TimeSpan.TicksPerSecond / 10).ToString("000000", CultureInfo.InvariantCulture),
            'n' => "\n",
            't' => "\t",
            'z' or 'Z' => "", // a local time without a zone, as transformers takes it
            '%' => "%",
            _ => null,
        };
        if (names is not null) return flag is '^' or '#' ? names.ToUpperInvariant() : names;
        return Number(time, letter) is (var value, var width, var blank) ? Padded(value, width, blank, flag) : null;
    }

    private static (long Value, int Width, bool Blank)? Number(DateTimeOffset time, char letter)
    {
        var weekday = (int)time.DayOfWeek;
        var hour12 = time.Hour % 12 == 0 ? 12 : time.Hour % 12;
        return letter switch
        {
            'd' => (time.Day, 2, false),
            'e' => (time.Day, 2, true),
            'H' => (time.Hour, 2, false),
            'k' => (time.Hour, 2, true),
            'I' => (hour12, 2, false),
            'l' => (hour12, 2, true),
            'j' => (time.DayOfYear, 3, false),
            'm' => (time.Month, 2, false),
            'M' => (time.Minute, 2, false),
            'S' => (time.Second, 2, false),
            's' => (time.ToUnixTimeSeconds(), 1, false),
            'u' => (weekday == 0 ? 7 : weekday, 1, false),
            'w' => (weekday, 1, false),
            'U' => ((time.DayOfYear + 6 - weekday) / 7, 2, false),
            'W' => ((time.DayOfYear + 6 - ((weekday + 6) % 7)) / 7, 2, false),
            'V' => (ISOWeek.GetWeekOfYear(time.DateTime), 2, false),
            'G' => (ISOWeek.GetYear(time.DateTime), 4, false),
            'g' => (ISOWeek.GetYear(time.DateTime) % 100, 2, false),
            'C' => (time.Year / 100, 2, false),
            'y' => (time.Year % 100, 2, false),
            'Y' => (time.Year, 1, false),
            _ => null,
        };
    }

    private static string Padded(long value, int width, bool blank, char flag)
    {
        var digits = value.ToString(CultureInfo.InvariantCulture);
        return flag switch
        {
            '-' => digits,
            '_' => digits.PadLeft(width),
            '0' => digits.PadLeft(width, '0'),
            _ => digits.PadLeft(width, blank ? ' ' : '0'),
        };
    }

    private static string Written(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}

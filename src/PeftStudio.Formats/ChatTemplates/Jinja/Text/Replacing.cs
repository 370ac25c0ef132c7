using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Text;

/// <summary>Python's <c>replace</c>: at most so many times, and an empty part stands before, between and behind all characters.</summary>
internal static class Replacing
{
    internal static string Replace(string text, string old, string with, long limit, Meter meter)
    {
        if (limit == 0) return text;
        if (old.Length == 0) return Interleave(text, with, limit, meter);
        var made = new StringBuilder();
        var start = 0;
        for (; limit != 0; limit--)
        {
            var found = text.IndexOf(old, start, StringComparison.Ordinal);
            if (found < 0) break;
            made.Append(text, start, found - start).Append(with);
            if (made.Length > meter.MaxCharacters) meter.Make(made.Length);
            start = found + old.Length;
        }

        if (start == 0) return text;
        made.Append(text, start, text.Length - start);
        meter.Make(made.Length);
        return made.ToString();
    }

    private static string Interleave(string text, string with, long limit, Meter meter)
    {
        meter.Make(text.Length + ((long)(text.Length + 1) * with.Length));
        var made = new StringBuilder();
        var unit = 0;
        for (; limit != 0; limit--)
        {
            made.Append(with);
            if (unit == text.Length) return made.ToString();
            var units = CodePoints.UnitsAt(text, unit);
            made.Append(text, unit, units);
            unit += units;
        }

        return made.Append(text, unit, text.Length - unit).ToString();
    }
}

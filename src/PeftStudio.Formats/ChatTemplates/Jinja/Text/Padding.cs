using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Text;

/// <summary>Python's <c>ljust</c>, <c>rjust</c>, <c>center</c>, <c>zfill</c> and <c>expandtabs</c>; widths in code points.</summary>
internal static class Padding
{
    internal static string Left(string text, long width, string fill, Meter meter) => text + Fill(width - CodePoints.Count(text), fill, meter);

    internal static string Right(string text, long width, string fill, Meter meter) => Fill(width - CodePoints.Count(text), fill, meter) + text;

    /// <summary>Centres a text; of an odd number of blanks the left side gets the one more only when the width is odd too.</summary>
    internal static string Center(string text, long width, string fill, Meter meter)
    {
        var missing = width - CodePoints.Count(text);
        if (missing <= 0) return text;
        var left = (missing / 2) + (missing & width & 1);
        return Fill(left, fill, meter) + text + Fill(missing - left, fill, meter);
    }

    internal static string Zeros(string text, long width, Meter meter)
    {
        var zeros = Fill(width - CodePoints.Count(text), "0", meter);
        return text is ['+' or '-', ..] ? text[0] + zeros + text[1..] : zeros + text;
    }

    internal static string ExpandTabs(string text, long size, Meter meter)
    {
        var made = new StringBuilder();
        long column = 0;
        for (var i = 0; i < text.Length; i += CodePoints.UnitsAt(text, i))
        {
            var c = text[i];
            if (c == '\t')
            {
                var blanks = size > 0 ? size - (column % size) : 0;
                made.Append(Fill(blanks, " ", meter));
                column += blanks;
            }
            else
            {
                made.Append(text, i, CodePoints.UnitsAt(text, i));
                column = c is '\n' or '\r' ? 0 : column + 1;
            }
        }

        return made.ToString();
    }

    private static string Fill(long count, string fill, Meter meter)
    {
        if (count <= 0) return "";
        meter.Make(count > int.MaxValue ? long.MaxValue / 2 : count * fill.Length);
        return string.Concat(Enumerable.Repeat(fill, (int)count));
    }
}

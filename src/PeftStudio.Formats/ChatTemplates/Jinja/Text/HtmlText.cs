using System.Net;
using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Text;

/// <summary>Escaping values for HTML and taking tags out of it.</summary>
internal static class HtmlText
{
    /// <summary>A value as marked text: what is marked already stays, everything else is escaped.</summary>
    internal static Markup Escape(object? value, Meter meter) => value as Markup ?? new Markup(Escape(PyText.Str(value, meter), meter));

    /// <summary>A text without comments and tags, white space collapsed, entities resolved.</summary>
    internal static string StripTags(string text, Meter meter)
    {
        meter.Read(text.Length);
        var bare = Without(Without(text, "<!--", "-->"), "<", ">");
        return Unescape(string.Join(' ', Splitting.SplitSpace(bare, -1)));
    }

    internal static string Unescape(string text) => WebUtility.HtmlDecode(text);

    private static string Escape(string text, Meter meter)
    {
        meter.Read(text.Length);
        var escaped = Markup.Escape(text);
        meter.Make(escaped.Length);
        return escaped;
    }

    private static string Without(string text, string open, string close)
    {
        var kept = new StringBuilder(text.Length);
        var start = 0;
        while (true)
        {
            var found = text.IndexOf(open, start, StringComparison.Ordinal);
            var end = found < 0 ? -1 : text.IndexOf(close, found, StringComparison.Ordinal);
            if (end < 0) return kept.Append(text, start, text.Length - start).ToString();
            kept.Append(text, start, found - start);
            start = end + close.Length;
        }
    }
}

using System.Text;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>A text that is marked as safe HTML: joined with a plain text it escapes that one. Comes from <c>|safe</c> and <c>|e</c>.</summary>
internal sealed class Markup(string text)
{
    internal string Text { get; } = text;

    /// <summary>The text of a plain or marked string; null for anything else.</summary>
    internal static string? TextOf(object? value) => value as string ?? (value as Markup)?.Text;

    /// <summary>Marks the text if the value it was made from was marked.</summary>
    internal static object Like(object? origin, string text) => origin is Markup ? new Markup(text) : text;

    /// <summary>Replaces the five characters that mean something in HTML.</summary>
    internal static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("&<>'\"") < 0) return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            switch (c)
            {
                case '&': escaped.Append("&amp;"); break;
                case '<': escaped.Append("&lt;"); break;
                case '>': escaped.Append("&gt;"); break;
                case '\'': escaped.Append("&#39;"); break;
                case '"': escaped.Append("&#34;"); break;
                default: escaped.Append(c); break;
            }
        }

        return escaped.ToString();
    }
}

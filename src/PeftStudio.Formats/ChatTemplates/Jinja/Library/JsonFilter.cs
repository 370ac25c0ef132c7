using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary><c>tojson(ensure_ascii, indent, separators, sort_keys)</c> of transformers.</summary>
internal static class JsonFilter
{
    private const int MaxIndent = 1000;

    internal static object? Apply(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        var indent = Indent(Filters.Or(bound[1], null));
        var (item, key) = (indent is null ? ", " : ",", ": ");
        if (Filters.Or(bound[2], null) is { } separators)
        {
            if (Iterating.ToArray(separators, context.Meter) is not [(string or Markup) and var first, (string or Markup) and var second])
            {
                throw JinjaError.Python("separators must be two texts");
            }

            (item, key) = (Markup.TextOf(first)!, Markup.TextOf(second)!);
        }

        return new JsonText(context.Meter)
        {
            EnsureAscii = Filters.Flag(bound[0]),
            SortKeys = Filters.Flag(bound[3]),
            Indent = indent,
            ItemSeparator = item,
            KeySeparator = key,
        }.Write(value);
    }

    private static string? Indent(object? value) => value switch
    {
        null => null,
        string or Markup => Markup.TextOf(value),
        _ => new string(' ', (int)Math.Clamp(Numbers.ToLong(value), 0, MaxIndent)),
    };
}

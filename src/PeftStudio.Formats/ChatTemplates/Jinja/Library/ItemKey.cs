using System.Globalization;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>What filters sort, group and select by: an item itself, or an attribute written <c>a.b.0</c>, capitals ignored unless asked.</summary>
internal sealed class ItemKey
{
    private readonly RenderContext context;
    private readonly object?[][] paths;
    private readonly bool several;
    private readonly bool exact;
    private readonly object? otherwise;

    /// <summary>Prepares the access.</summary>
    /// <param name="context">The rendering.</param>
    /// <param name="attribute">A path, a position, or null for the item itself.</param>
    /// <param name="exact">Whether capitals count.</param>
    /// <param name="several">Whether commas separate several paths, whose values make one key.</param>
    /// <param name="otherwise">Stands for an attribute that an item does not have, unless null.</param>
    internal ItemKey(RenderContext context, object? attribute, bool exact, bool several = false, object? otherwise = null)
    {
        this.context = context;
        this.exact = exact;
        this.several = several;
        this.otherwise = otherwise;
        var written = Markup.TextOf(attribute);
        paths = several && written is not null
            ? Array.ConvertAll(written.Split(','), static path => Path(path))
            : [written is null ? attribute is null ? [] : [attribute] : Path(written)];
    }

    internal object? Of(object? item)
    {
        if (!several) return Of(item, paths[0]);
        return new PyList(Array.ConvertAll(paths, path => Of(item, path)));
    }

    /// <summary>A value by which texts are compared without regard to capitals.</summary>
    internal static object? IgnoreCase(object? value, bool exact = false) =>
        !exact && Markup.TextOf(value) is { } text ? CaseMapping.Lower(text) : value;

    private object? Of(object? item, object?[] path)
    {
        foreach (var part in path)
        {
            item = Members.GetItem(context, item, part);
            if (otherwise is not null && item is Undefined) item = otherwise;
        }

        return IgnoreCase(item, exact);
    }

    private static object?[] Path(string path) => Array.ConvertAll(
        path.Split('.'),
        static part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? (object?)index : part);
}

using PeftStudio.Formats.ChatTemplates.Jinja.Library;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>A type that makes its values when it is called.</summary>
internal sealed class TypeFunction(string name, Func<RenderContext, Arguments, object?> make) : Callable("type")
{
    internal override object? Call(RenderContext context, Arguments arguments) => make(context, arguments);

    internal override object? Attribute(RenderContext context, string attribute) =>
        name == "dict" && attribute == "fromkeys" ? DictMethods.FromKeys : Missing.Value;

    internal override string Print(Meter meter) => name is "range" or "dict" ? $"<class '{name}'>" : $"<class 'jinja2.utils.{TitleOf(name)}'>";

    private static string TitleOf(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

/// <summary>Gives its values in turn, again and again.</summary>
internal sealed class Cycler : Callable
{
    private readonly object?[] items;
    private int position;

    internal Cycler(Arguments arguments)
        : base("Cycler")
    {
        if (arguments.Named.Length > 0) throw JinjaError.Python("cycler takes no keyword arguments");
        if (arguments.Positional.Length == 0) throw JinjaError.Python("at least one item has to be provided");
        items = arguments.Positional;
    }

    internal override object? Call(RenderContext context, Arguments arguments) => throw JinjaError.Python("'Cycler' object is not callable");

    internal override object? Attribute(RenderContext context, string name) => name switch
    {
        "current" => items[position],
        "items" => new PyTuple(items),
        "pos" => (long)position,
        "next" => new Function(name, (_, arguments) =>
        {
            arguments.ExpectNone(name);
            var current = items[position];
            position = (position + 1) % items.Length;
            return current;
        }),
        "reset" => new Function(name, (_, arguments) =>
        {
            arguments.ExpectNone(name);
            position = 0;
            return null;
        }),
        _ => Missing.Value,
    };
}

/// <summary>Gives nothing the first time it is called, its separator ever after.</summary>
internal sealed class Joiner(Arguments made) : Callable("Joiner")
{
    private readonly object? separator = made.Bind("joiner", 0, "sep")[0];
    private bool used;

    internal override object? Call(RenderContext context, Arguments arguments)
    {
        arguments.ExpectNone("joiner");
        if (used) return Missing.Is(separator) ? ", " : separator;
        used = true;
        return "";
    }

    internal override object? Attribute(RenderContext context, string name) => name switch
    {
        "sep" => Missing.Is(separator) ? ", " : separator,
        "used" => used,
        _ => Missing.Value,
    };
}

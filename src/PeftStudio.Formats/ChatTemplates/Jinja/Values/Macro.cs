using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Tree;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>A macro, or the body of a call block as its <c>caller</c>, with the frame it was defined in.</summary>
internal sealed class Macro(string? name, MacroBody body, Frame definition) : Callable("Macro")
{
    internal override object? Call(RenderContext context, Arguments arguments)
    {
        var (positional, named) = (arguments.Positional, new List<KeyValuePair<string, object?>>(arguments.Named));
        var values = new object?[body.Names.Length];
        for (var i = 0; i < values.Length; i++) values[i] = i < positional.Length ? positional[i] : Take(named, body.Names[i]);
        object? caller = null;
        if (body.TakesCaller)
        {
            caller = Take(named, "caller");
            if (caller is null || Missing.Is(caller)) caller = new Undefined("No caller defined");
        }

        PyDict? keywords = null;
        if (body.TakesKeywords)
        {
            keywords = new PyDict(context.Meter.Keys);
            foreach (var (key, value) in named) keywords[key] = value;
        }
        else if (named.Count > 0)
        {
            throw JinjaError.Python($"macro '{name}' takes no keyword argument '{named[0].Key}'");
        }

        if (!body.TakesSurplus && positional.Length > values.Length)
        {
            throw JinjaError.Python($"macro '{name}' takes not more than {values.Length} argument(s)");
        }

        var surplus = body.TakesSurplus ? new PyTuple(positional.Skip(values.Length).ToArray()) : null;
        var text = body.Run(context, definition, values, caller, keywords, surplus);
        return context.AutoEscape ? new Markup(text) : text;
    }

    internal override object? Attribute(RenderContext context, string attribute) => attribute switch
    {
        "name" => name,
        "arguments" => new PyTuple([.. body.Names]),
        "catch_kwargs" => body.TakesKeywords,
        "catch_varargs" => body.TakesSurplus,
        "caller" => body.TakesCaller,
        "explicit_caller" => body.Names.Contains("caller"),
        _ => Missing.Value,
    };

    internal override string Print(Meter meter) => name is null ? "<Macro anonymous>" : $"<Macro '{name}'>";

    private static object? Take(List<KeyValuePair<string, object?>> named, string key)
    {
        var index = named.FindIndex(pair => pair.Key == key);
        if (index < 0) return Missing.Value;
        var value = named[index].Value;
        named.RemoveAt(index);
        return value;
    }
}

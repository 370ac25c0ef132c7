using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>Methods of dictionaries that change nothing.</summary>
internal static class DictMethods
{
    internal static object Find(PyDict dict, string name) => name switch
    {
        "get" => new Function(name, (context, arguments) => Get(dict, context, arguments)),
        "items" => View(dict, name, DictViewKind.Items),
        "keys" => View(dict, name, DictViewKind.Keys),
        "values" => View(dict, name, DictViewKind.Values),
        "copy" => new Function(name, (context, arguments) =>
        {
            arguments.ExpectNone(name);
            context.Meter.MakeItems(dict.Count);
            return Copy(dict, context.Meter);
        }),
        "fromkeys" => FromKeys,
        _ => Missing.Value,
    };

    /// <summary><c>dict.fromkeys(keys, value)</c>.</summary>
    internal static Function FromKeys { get; } = new("fromkeys", static (context, arguments) =>
    {
        var bound = arguments.Bind("fromkeys", 1, "iterable", "value");
        var made = new PyDict(context.Meter.Keys);
        foreach (var key in Iterating.ToArray(bound[0], context.Meter)) Put(made, key, Missing.Is(bound[1]) ? null : bound[1], context.Meter);
        return made;
    });

    internal static PyDict Copy(PyDict dict, Meter meter)
    {
        var copy = new PyDict(meter.Keys, dict.Count);
        foreach (var pair in dict.Pairs) copy[pair.Key] = pair.Value;
        return copy;
    }

    /// <summary>Sets a key, which must be one that Python can hash.</summary>
    internal static void Put(PyDict dict, object? key, object? value, Meter meter)
    {
        if (key is not string && !meter.Keys.CanHash(key)) throw JinjaError.Python($"unhashable type: '{PyTypes.NameOf(key)}'");
        dict[key] = value;
    }

    private static object? Get(PyDict dict, RenderContext context, Arguments arguments)
    {
        var bound = arguments.Bind("get", 1, "key", "default");
        if (!context.Meter.Keys.CanHash(bound[0])) throw JinjaError.Python($"unhashable type: '{PyTypes.NameOf(bound[0])}'");
        if (dict.TryGet(bound[0], out var value)) return value;
        return Missing.Is(bound[1]) ? null : bound[1];
    }

    private static Function View(PyDict dict, string name, DictViewKind kind) => new(name, (_, arguments) =>
    {
        arguments.ExpectNone(name);
        return new DictView(kind, dict);
    });
}

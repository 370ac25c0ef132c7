using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>The functions every chat template may call.</summary>
internal static class Globals
{
    /// <summary>Longest range, as in Jinja's sandbox.</summary>
    private const int MaxRange = 100_000;

    internal static IReadOnlyDictionary<string, object?> All { get; } = new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["range"] = new TypeFunction("range", static (_, arguments) => Range(arguments)),
        ["dict"] = new TypeFunction("dict", MakeDict),
        ["namespace"] = new TypeFunction("namespace", static (context, arguments) => MakeNamespace(context, arguments)),
        ["cycler"] = new TypeFunction("cycler", static (_, arguments) => new Cycler(arguments)),
        ["joiner"] = new TypeFunction("joiner", static (_, arguments) => new Joiner(arguments)),
        ["raise_exception"] = new Function("raise_exception", static (context, arguments) => throw new JinjaError(
            JinjaErrorKind.Raised, PyText.Str(arguments.Bind("raise_exception", 1, "message")[0], context.Meter))),
        ["strftime_now"] = new Function("strftime_now", static (context, arguments) =>
        {
            var format = Markup.TextOf(arguments.Bind("strftime_now", 1, "format")[0])
                ?? throw JinjaError.Python("strftime() argument 1 must be str");
            context.Meter.Read(format.Length * 32);
            return TimeText.Format(context.Clock.GetLocalNow(), format);
        }),
    };

    private static PyRange Range(Arguments arguments)
    {
        if (arguments.Named.Length > 0 || arguments.Positional.Length is 0 or > 3) throw JinjaError.Python("range expected 1 to 3 arguments");
        var numbers = Array.ConvertAll(arguments.Positional, static value => Numbers.IsInteger(value) || value is Undefined
            ? Numbers.ToLong(value)
            : throw JinjaError.Python($"'{PyTypes.NameOf(value)}' object cannot be interpreted as an integer"));
        var step = numbers.Length == 3 ? numbers[2] : 1;
        if (step == 0) throw JinjaError.Python("range() arg 3 must not be zero");
        var range = numbers.Length == 1 ? new PyRange(0, numbers[0], 1) : new PyRange(numbers[0], numbers[1], step);
        return range.Length <= MaxRange ? range : throw JinjaError.Python(
            $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MaxRange}).");
    }

    /// <summary><c>dict(mapping or pairs, name=value…)</c>.</summary>
    private static PyDict MakeDict(RenderContext context, Arguments arguments)
    {
        if (arguments.Positional.Length > 1) throw JinjaError.Python("dict expected at most 1 argument");
        var meter = context.Meter;
        var dict = new PyDict(meter.Keys);
        switch (arguments.Positional)
        {
            case []: break;
            case [PyDict source]:
                meter.MakeItems(source.Count);
                foreach (var pair in source.Pairs) dict[pair.Key] = pair.Value;
                break;
            case [var pairs]:
                foreach (var pair in Iterating.ToArray(pairs, meter))
                {
                    if (Iterating.ToArray(pair, meter) is not [var key, var value])
                    {
                        throw JinjaError.Python("dictionary update sequence elements must have length 2");
                    }

                    DictMethods.Put(dict, key, value, meter);
                }

                break;
        }

        foreach (var (name, value) in arguments.Named) dict[name] = value;
        return dict;
    }

    private static Namespace MakeNamespace(RenderContext context, Arguments arguments)
    {
        var attributes = MakeDict(context, arguments);
        foreach (var name in attributes.Keys) Namespace.CheckName(name);
        return new Namespace(attributes);
    }
}

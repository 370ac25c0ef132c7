using System.Globalization;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>The variable <c>loop</c>: where a loop stands. It looks ahead only when it is asked what follows.</summary>
internal sealed class LoopContext(IEnumerator<object?> source, long? knownLength, Func<object?, int, object>? recurse, int depth, Meter meter)
    : Callable("LoopContext")
{
    private IEnumerator<object?> items = source;
    private long? length = knownLength;
    private object? previous = Missing.Value;
    private object? after = Missing.Value;
    private object? lastChanged = Missing.Value;
    private long index0 = -1;

    internal object? Current { get; private set; } = Missing.Value;

    /// <summary>Number of rounds; items that are made on demand are all made then.</summary>
    internal long Length
    {
        get
        {
            if (length is { } known) return known;
            var rest = new List<object?>();
            while (items.MoveNext()) rest.Add(items.Current);
            items = rest.GetEnumerator();
            length = rest.Count + index0 + 1 + (Missing.Is(after) ? 0 : 1);
            return length.Value;
        }
    }

    internal bool MoveNext()
    {
        var ahead = Ahead();
        if (Missing.Is(ahead)) return false;
        after = Missing.Value;
        index0++;
        previous = Current;
        Current = ahead;
        return true;
    }

    internal override object? Call(RenderContext context, Arguments arguments)
    {
        if (recurse is null) throw JinjaError.Python("The loop must have the 'recursive' marker to be called recursively.");
        return recurse(arguments.Bind("loop", 1, "iterable")[0], depth + 1);
    }

    internal override object? Attribute(RenderContext context, string name) => name switch
    {
        "index" => index0 + 1,
        "index0" => index0,
        "revindex" => Length - index0,
        "revindex0" => Length - index0 - 1,
        "first" => index0 == 0,
        "last" => Missing.Is(Ahead()),
        "length" => Length,
        "depth" => depth + 1L,
        "depth0" => (long)depth,
        "previtem" => index0 == 0 ? new Undefined("there is no previous item") : previous,
        "nextitem" => Missing.Is(Ahead()) ? new Undefined("there is no next item") : Ahead(),
        "cycle" => new Function(name, (_, arguments) => Cycle(arguments)),
        "changed" => new Function(name, (_, arguments) => Changed(arguments)),
        _ => Missing.Value,
    };

    internal override string Print(Meter cost) => string.Create(CultureInfo.InvariantCulture, $"<LoopContext {index0 + 1}/{Length}>");

    private object? Ahead()
    {
        if (Missing.Is(after) && items.MoveNext()) after = items.Current;
        return after;
    }

    private object? Cycle(Arguments arguments)
    {
        if (arguments.Positional.Length == 0 || arguments.Named.Length > 0) throw JinjaError.Python("no items for cycling given");
        return arguments.Positional[index0 % arguments.Positional.Length];
    }

    private bool Changed(Arguments arguments)
    {
        var values = new PyTuple(arguments.Positional);
        if (!Missing.Is(lastChanged) && Comparing.Same(lastChanged, values, meter)) return false;
        lastChanged = values;
        return true;
    }
}

using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>Filters that take items from a sequence or arrange them anew.</summary>
internal static class SequenceFilters
{
    private const string Generator = "generator";

    internal static object? Length(RenderContext context, object? value, Arguments arguments) => Iterating.LengthOf(value, context.Meter)
        ?? throw JinjaError.Python($"object of type '{PyTypes.NameOf(value)}' has no len()");

    internal static object? First(RenderContext context, object? value, Arguments arguments)
    {
        using var items = Iterating.Over(value, context.Meter);
        return items.MoveNext() ? items.Current : new Undefined("No first item, sequence was empty.");
    }

    internal static object? Last(RenderContext context, object? value, Arguments arguments)
    {
        var items = Reversible(value, context.Meter) ?? throw NotReversible(value);
        return items is [.., var last] ? last : new Undefined("No last item, sequence was empty.");
    }

    internal static object? Reverse(RenderContext context, object? value, Arguments arguments)
    {
        if (value is string or Markup) return Slicing.Slice(value, null, null, -1L, context.Meter);
        if (Reversible(value, context.Meter) is { } items) return new PyIterator("reversed", items.Reverse());
        if (!Iterating.CanIterate(value)) throw JinjaError.Template("argument must be iterable");
        return new PyList([.. Iterating.ToArray(value, context.Meter).Reverse()]);
    }

    internal static object? Random(RenderContext context, object? value, Arguments arguments)
    {
        var length = Iterating.LengthOf(value, context.Meter) ?? throw JinjaError.Python($"object of type '{PyTypes.NameOf(value)}' has no len()");
        if (length == 0) return new Undefined("No random item, sequence was empty.");
        if (value is PyDict or DictView) throw JinjaError.Python($"'{PyTypes.NameOf(value)}' has no items by position");
        return Members.GetItem(context, value, context.Random.NextInt64(length));
    }

    internal static object? Items(RenderContext context, object? value, Arguments arguments) => value switch
    {
        Undefined => new PyIterator(Generator, []),
        PyDict dict => new PyIterator(Generator, new DictView(DictViewKind.Items, dict).Items),
        _ => new PyIterator(Generator, Failing("Can only get item pairs from a mapping.")),
    };

    internal static object? DictSort(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("dictsort", 0, "case_sensitive", "by", "reverse");
        var by = Markup.TextOf(Filters.Or(bound[1], "key"));
        if (by is not ("key" or "value")) throw JinjaError.Template("You can only sort by either \"key\" or \"value\"");
        if (value is Undefined undefined) throw undefined.Fail();
        if (value is not PyDict dict) throw JinjaError.Python($"'{PyTypes.NameOf(value)}' object has no attribute 'items'");
        var exact = Filters.Flag(bound[0]);
        var sorted = Sorting.Sort(
            dict.Pairs, pair => ItemKey.IgnoreCase(by == "key" ? pair.Key : pair.Value, exact), Filters.Flag(bound[2]), context.Meter);
        return new PyList([.. sorted.Select(static pair => new PyTuple(pair.Key, pair.Value))]);
    }

    /// <summary>Rows of so many items, the last one filled up if something to fill with is given.</summary>
    internal static object? Batch(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("batch", 1, "linecount", "fill_with");
        return new PyIterator(Generator, Rows(context, value, bound[0], Filters.Or(bound[1], null)));
    }

    /// <summary>So many columns, the longer first.</summary>
    internal static object? Slice(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("slice", 1, "slices", "fill_with");
        return new PyIterator(Generator, Columns(context, value, Numbers.ToLong(bound[0]), Filters.Or(bound[1], null)));
    }

    private static IEnumerable<object?> Rows(RenderContext context, object? value, object? size, object? fill)
    {
        var row = new List<object?>();
        using var items = Iterating.Over(value, context.Meter);
        while (items.MoveNext())
        {
            if (Comparing.Same((long)row.Count, size, context.Meter))
            {
                yield return new PyList([.. row]);
                row.Clear();
            }

            row.Add(items.Current);
        }

        if (row.Count == 0) yield break;
        if (fill is not null)
        {
            var missing = Numbers.ToLong(size) - row.Count;
            context.Meter.MakeItems(Math.Max(0, missing));
            for (; missing > 0; missing--) row.Add(fill);
        }

        yield return new PyList([.. row]);
    }

    private static IEnumerable<object?> Columns(RenderContext context, object? value, long slices, object? fill)
    {
        var items = Iterating.ToArray(value, context.Meter);
        if (slices == 0) throw JinjaError.Python("integer division or modulo by zero");
        var (size, longer) = (items.Length / slices, items.Length % slices);
        var start = 0;
        for (long i = 0; i < slices; i++)
        {
            context.Meter.Step();
            var count = (int)(size + (i < longer ? 1 : 0));
            var column = items[start..(start + count)];
            start += count;
            yield return new PyList(fill is not null && i >= longer ? [.. column, fill] : column);
        }
    }

    private static IEnumerable<object?> Failing(string message)
    {
        if (message.Length > 0) throw JinjaError.Python(message);
        yield break;
    }

    /// <summary>Items of what Python can walk backwards; null for sets, generators and the like.</summary>
    private static object?[]? Reversible(object? value, Meter meter) => value switch
    {
        Undefined => null,
        PySequence or PyDict or DictView or PyRange or string or Markup or PyBytes => Iterating.ToArray(value, meter),
        _ => null,
    };

    private static JinjaError NotReversible(object? value) => JinjaError.Python($"'{PyTypes.NameOf(value)}' object is not reversible");
}

using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>Filters that choose, order, group or convert items by a filter, a test or an attribute.</summary>
internal static class SelectionFilters
{
    private const string Generator = "generator";

    internal static object? Map(RenderContext context, object? value, Arguments arguments) =>
        new PyIterator(Generator, Mapped(context, value, arguments));

    internal static Filter Select(bool wanted, bool byAttribute) =>
        (context, value, arguments) => new PyIterator(Generator, Selected(context, value, arguments, wanted, byAttribute));

    internal static object? Sort(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("sort", 0, "reverse", "case_sensitive", "attribute");
        var key = new ItemKey(context, Filters.Or(bound[2], null), Filters.Flag(bound[1]), several: true);
        var items = Iterating.ToArray(value, context.Meter);
        return new PyList([.. Sorting.Sort(items, key.Of, Filters.Flag(bound[0]), context.Meter)]);
    }

    internal static object? Unique(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("unique", 0, "case_sensitive", "attribute");
        return new PyIterator(Generator, Distinct(context, value, new ItemKey(context, Filters.Or(bound[1], null), Filters.Flag(bound[0]))));
    }

    internal static Filter Extreme(bool largest) => (context, value, arguments) =>
    {
        var bound = arguments.Bind(largest ? "max" : "min", 0, "case_sensitive", "attribute");
        var key = new ItemKey(context, Filters.Or(bound[1], null), Filters.Flag(bound[0]));
        using var items = Iterating.Over(value, context.Meter);
        if (!items.MoveNext()) return new Undefined("No aggregated item, sequence was empty.");
        var (best, bestKey) = (items.Current, key.Of(items.Current));
        while (items.MoveNext())
        {
            var candidate = key.Of(items.Current);
            var order = Comparing.Order(candidate, bestKey, largest ? ">" : "<", context.Meter);
            if (largest ? order > 0 : order < 0) (best, bestKey) = (items.Current, candidate);
        }

        return best;
    };

    internal static object? Sum(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("sum", 0, "attribute", "start");
        var key = new ItemKey(context, Filters.Or(bound[0], null), exact: true);
        var total = Filters.Or(bound[1], 0L);
        if (total is string or Markup) throw JinjaError.Python("sum() can't sum strings [use ''.join(seq) instead]");
        using var items = Iterating.Over(value, context.Meter);
        while (items.MoveNext()) total = Operators.Add(total, key.Of(items.Current), context.Meter);
        return total;
    }

    internal static object? GroupBy(RenderContext context, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("groupby", 1, "attribute", "default", "case_sensitive");
        var otherwise = Filters.Or(bound[1], null);
        var key = new ItemKey(context, bound[0], Filters.Flag(bound[2]), otherwise: otherwise);
        var shown = new ItemKey(context, bound[0], exact: true, otherwise: otherwise);
        var groups = new List<object?>();
        var members = new List<object?>();
        object? last = Missing.Value;
        foreach (var item in Sorting.Sort(Iterating.ToArray(value, context.Meter), key.Of, reverse: false, context.Meter))
        {
            var current = key.Of(item);
            if (members.Count > 0 && !Comparing.Same(last, current, context.Meter)) Close();
            last = current;
            members.Add(item);
        }

        if (members.Count > 0) Close();
        return new PyList([.. groups]);

        void Close()
        {
            groups.Add(new PyGroup(shown.Of(members[0]), new PyList([.. members])));
            members.Clear();
        }
    }

    private static IEnumerable<object?> Mapped(RenderContext context, object? value, Arguments arguments)
    {
        if (!Iterating.IsTrue(value)) yield break;
        var convert = Conversion(context, arguments);
        using var items = Iterating.Over(value, context.Meter);
        while (items.MoveNext()) yield return convert(items.Current);
    }

    private static Func<object?, object?> Conversion(RenderContext context, Arguments arguments)
    {
        if (arguments.Positional.Length == 0 && Array.Exists(arguments.Named, static pair => pair.Key == "attribute"))
        {
            var bound = arguments.Bind("map", 0, "attribute", "default");
            return new ItemKey(context, bound[0], exact: true, otherwise: Filters.Or(bound[1], null)).Of;
        }

        if (arguments.Positional is not [var name, .. var rest]) throw JinjaError.Template("map requires a filter argument");
        var filter = Filters.Find(Filters.Text(name, "map")) ?? throw JinjaError.Template($"No filter named '{Markup.TextOf(name)}'.");
        var given = new Arguments(rest, arguments.Named);
        return item => filter(context, item, given);
    }

    private static IEnumerable<object?> Selected(RenderContext context, object? value, Arguments arguments, bool wanted, bool byAttribute)
    {
        if (!Iterating.IsTrue(value)) yield break;
        var key = default(ItemKey);
        var rest = arguments.Positional;
        if (byAttribute)
        {
            if (rest.Length == 0) throw JinjaError.Template("Missing parameter for attribute name");
            key = new ItemKey(context, rest[0], exact: true);
            rest = rest[1..];
        }

        var test = rest.Length == 0 ? null
            : Tests.Find(Filters.Text(rest[0], "select")) ?? throw JinjaError.Template($"No test named '{Markup.TextOf(rest[0])}'.");
        var given = test is null ? arguments : new Arguments(rest[1..], arguments.Named);
        using var items = Iterating.Over(value, context.Meter);
        while (items.MoveNext())
        {
            var item = key is null ? items.Current : key.Of(items.Current);
            var holds = Iterating.IsTrue(test is null ? item : test(context, item, given));
            if (holds == wanted) yield return items.Current;
        }
    }

    private static IEnumerable<object?> Distinct(RenderContext context, object? value, ItemKey key)
    {
        var seen = new PyDict(context.Meter.Keys);
        using var items = Iterating.Over(value, context.Meter);
        while (items.MoveNext())
        {
            var current = key.Of(items.Current);
            if (!context.Meter.Keys.CanHash(current)) throw JinjaError.Python($"unhashable type: '{PyTypes.NameOf(current)}'");
            if (seen.Contains(current)) continue;
            DictMethods.Put(seen, current, true, context.Meter);
            yield return items.Current;
        }
    }
}

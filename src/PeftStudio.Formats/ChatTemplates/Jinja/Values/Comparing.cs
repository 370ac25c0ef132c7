using System.Numerics;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Equality, identity and order of values by Python's rules.</summary>
internal static class Comparing
{
    /// <summary>Python's <c>==</c>.</summary>
    internal static bool Same(object? x, object? y, Meter meter)
    {
        if (Markup.TextOf(x) is { } left && Markup.TextOf(y) is { } right)
        {
            meter.Read(Math.Min(left.Length, right.Length));
            return string.Equals(left, right, StringComparison.Ordinal);
        }

        if (Numbers.IsNumber(x) && Numbers.IsNumber(y)) return Numbers.Compare(x!, y!) == 0;
        return (x, y) switch
        {
            (null, null) => true,
            (Undefined, Undefined) => true,
            (PyList a, PyList b) => SameItems(a.Items, b.Items, meter),
            (PyTuple a, PyTuple b) => SameItems(a.Items, b.Items, meter),
            (PyDict a, PyDict b) => SameDicts(a, b, meter),
            (PyRange a, PyRange b) => a.Equals(b),
            (PyBytes a, PyBytes b) => a.Values.AsSpan().SequenceEqual(b.Values),
            (DictView a, DictView b) when a.Kind == b.Kind && a.Kind != DictViewKind.Values => SameViews(a, b, meter),
            _ => ReferenceEquals(x, y),
        };
    }

    /// <summary>Python's <c>is</c>, as far as it can be told: the same object, or equal constants of one type.</summary>
    internal static bool Identical(object? x, object? y) => (x, y) switch
    {
        (bool a, bool b) => a == b,
        (long a, long b) => a == b && a is >= -5 and <= 256,
        _ => ReferenceEquals(x, y),
    };

    /// <summary>Orders two values for <c>&lt;</c> and its kin.</summary>
    /// <param name="x">Left value.</param>
    /// <param name="y">Right value.</param>
    /// <param name="sign">The operator, for the message when the two have no order.</param>
    /// <param name="meter">Pays for it.</param>
    /// <returns>Below zero, zero, above zero; null when a number is not a number.</returns>
    internal static int? Order(object? x, object? y, string sign, Meter meter)
    {
        if (x is Undefined || y is Undefined) throw (x as Undefined ?? (Undefined)y!).Fail();
        if (Markup.TextOf(x) is { } left && Markup.TextOf(y) is { } right)
        {
            meter.Read(Math.Min(left.Length, right.Length));
            return CodePoints.Compare(left, right);
        }

        if (Numbers.IsNumber(x) && Numbers.IsNumber(y)) return Numbers.Compare(x!, y!);
        return (x, y) switch
        {
            (PyList a, PyList b) => OrderItems(a.Items, b.Items, sign, meter),
            (PyTuple a, PyTuple b) => OrderItems(a.Items, b.Items, sign, meter),
            (PyBytes a, PyBytes b) => a.Values.AsSpan().SequenceCompareTo(b.Values),
            _ => throw JinjaError.Python(
                $"'{sign}' not supported between instances of '{PyTypes.NameOf(x)}' and '{PyTypes.NameOf(y)}'"),
        };
    }

    /// <summary>Python's <c>in</c>.</summary>
    internal static bool Contains(object? container, object? item, Meter meter)
    {
        switch (container)
        {
            case string or Markup:
                var part = Markup.TextOf(item) ?? throw JinjaError.Python(
                    $"'in <string>' requires string as left operand, not {PyTypes.NameOf(item)}");
                var text = Markup.TextOf(container)!;
                meter.Read(text.Length);
                return text.Contains(part, StringComparison.Ordinal);
            case PyDict dict:
                return meter.Keys.CanHash(item) ? dict.Contains(item) : throw JinjaError.Python($"unhashable type: '{PyTypes.NameOf(item)}'");
            case DictView { Kind: DictViewKind.Keys } view:
                return Contains(view.Dict, item, meter);
            case PyRange range when item is long or bool:
                return range.Contains(Numbers.ToLong(item));
            default:
                using (var items = Iterating.Over(container, meter))
                {
                    while (items.MoveNext())
                    {
                        meter.Step();
                        if (ReferenceEquals(items.Current, item) || Same(items.Current, item, meter)) return true;
                    }
                }

                return false;
        }
    }

    private static bool SameItems(object?[] a, object?[] b, Meter meter)
    {
        if (a.Length != b.Length) return false;
        if (ReferenceEquals(a, b)) return true;
        meter.Enter();
        meter.Steps(a.Length);
        var same = true;
        for (var i = 0; same && i < a.Length; i++) same = ReferenceEquals(a[i], b[i]) || Same(a[i], b[i], meter);
        meter.Leave();
        return same;
    }

    private static bool SameDicts(PyDict a, PyDict b, Meter meter)
    {
        if (a.Count != b.Count) return false;
        meter.Enter();
        meter.Steps(a.Count);
        var same = a.Pairs.All(pair => b.TryGet(pair.Key, out var other) && (ReferenceEquals(pair.Value, other) || Same(pair.Value, other, meter)));
        meter.Leave();
        return same;
    }

    private static bool SameViews(DictView a, DictView b, Meter meter) => a.Kind == DictViewKind.Items
        ? SameDicts(a.Dict, b.Dict, meter)
        : a.Dict.Count == b.Dict.Count && a.Dict.Keys.All(b.Dict.Contains);

    private static int? OrderItems(object?[] a, object?[] b, string sign, Meter meter)
    {
        meter.Enter();
        meter.Steps(Math.Min(a.Length, b.Length));
        int? order = a.Length.CompareTo(b.Length);
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (ReferenceEquals(a[i], b[i]) || Same(a[i], b[i], meter)) continue;
            order = Order(a[i], b[i], sign, meter);
            break;
        }

        meter.Leave();
        return order;
    }
}

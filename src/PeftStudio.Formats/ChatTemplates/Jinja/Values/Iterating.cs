using System.Numerics;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Loops, lengths and truth of values.</summary>
internal static class Iterating
{
    /// <summary>The items of a value; fails for what Python cannot loop over.</summary>
    internal static IEnumerator<object?> Over(object? value, Meter meter) => TryOver(value) is { } items
        ? Metered(items, meter)
        : throw JinjaError.Python($"'{PyTypes.NameOf(value)}' object is not iterable");

    internal static bool CanIterate(object? value) =>
        value is string or Markup or PySequence or PyDict or DictView or PyRange or PyIterator or PyBytes or Undefined;

    /// <summary>All items at once.</summary>
    internal static object?[] ToArray(object? value, Meter meter)
    {
        if (value is PySequence sequence)
        {
            meter.MakeItems(sequence.Items.Length);
            return sequence.Items;
        }

        if (value is PyRange range) meter.MakeItems((long)Int128.Min(range.Length, long.MaxValue));
        var all = new List<object?>();
        using var items = Over(value, meter);
        while (items.MoveNext()) all.Add(items.Current);
        return [.. all];
    }

    /// <summary>Number of items, or null for a value without a length.</summary>
    internal static long? LengthOf(object? value, Meter meter)
    {
        switch (value)
        {
            case string or Markup:
                var text = Markup.TextOf(value)!;
                meter.Read(text.Length);
                return CodePoints.Count(text);
            case PySequence sequence: return sequence.Items.Length;
            case PyDict dict: return dict.Count;
            case DictView view: return view.Dict.Count;
            case PyRange range: return (long)Int128.Min(range.Length, long.MaxValue);
            case PyBytes bytes: return bytes.Values.Length;
            case Undefined: return 0;
            case LoopContext loop: return loop.Length;
            default: return null;
        }
    }

    /// <summary>Python's truth of a value.</summary>
    internal static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        Markup markup => markup.Text.Length > 0,
        long number => number != 0,
        double real => real != 0,
        BigInteger => true,
        PySequence sequence => sequence.Items.Length > 0,
        PyDict dict => dict.Count > 0,
        DictView view => view.Dict.Count > 0,
        PyRange range => range.Length > 0,
        PyBytes bytes => bytes.Values.Length > 0,
        Undefined => false,
        LoopContext loop => loop.Length > 0,
        _ => true,
    };

    private static IEnumerator<object?>? TryOver(object? value) => value switch
    {
        PySequence sequence => ((IEnumerable<object?>)sequence.Items).GetEnumerator(),
        string or Markup => CodePoints.Split(Markup.TextOf(value)!).GetEnumerator(),
        PyDict dict => dict.Keys.GetEnumerator(),
        DictView view => view.Items.GetEnumerator(),
        PyRange range => Integers(range).GetEnumerator(),
        PyIterator iterator => iterator.Items,
        PyBytes bytes => bytes.Values.Select(static b => (object?)(long)b).GetEnumerator(),
        Undefined => Enumerable.Empty<object?>().GetEnumerator(),
        _ => null,
    };

    private static IEnumerable<object?> Integers(PyRange range)
    {
        for (long i = 0; i < range.Length; i++) yield return range.At(i);
    }

    private static IEnumerator<object?> Metered(IEnumerator<object?> items, Meter meter)
    {
        while (items.MoveNext())
        {
            meter.Step();
            yield return items.Current;
        }
    }
}

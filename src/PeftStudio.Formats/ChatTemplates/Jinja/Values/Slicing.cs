using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Python's slices <c>[start:stop:step]</c> of texts, lists, tuples and ranges.</summary>
internal static class Slicing
{
    internal static object Slice(object? value, object? start, object? stop, object? step, Meter meter)
    {
        switch (value)
        {
            case string or Markup:
                var text = Markup.TextOf(value)!;
                meter.Read(text.Length);
                return Markup.Like(value, Cut(text, start, stop, step));
            case PyList list: return new PyList(Pick(list.Items, Bounds(start, stop, step, list.Items.Length), meter));
            case PyTuple tuple: return new PyTuple(Pick(tuple.Items, Bounds(start, stop, step, tuple.Items.Length), meter));
            case PyRange range: return Cut(range, start, stop, step);
            case PyBytes bytes:
                meter.Read(bytes.Values.Length);
                var (from, by, count) = Bounds(start, stop, step, bytes.Values.Length);
                return new PyBytes([.. Enumerable.Range(0, count).Select(i => bytes.Values[from + (i * by)])]);
            case Undefined undefined: throw undefined.Fail();
            default: throw JinjaError.Python($"'{PyTypes.NameOf(value)}' object is not subscriptable");
        }
    }

    /// <summary>First position, step and number of items, for a sequence of this length.</summary>
    internal static (int From, int Step, int Count) Bounds(object? start, object? stop, object? step, int length)
    {
        var by = step is null ? 1 : Math.Clamp(Index(step), -int.MaxValue, int.MaxValue);
        if (by == 0) throw JinjaError.Python("slice step cannot be zero");
        long first = by > 0 ? 0 : length - 1, last = by > 0 ? length : -1;
        if (start is not null) first = Place(Index(start), length, by);
        if (stop is not null) last = Place(Index(stop), length, by);
        var span = by > 0 ? last - first : first - last;
        var count = span <= 0 ? 0 : (span + Math.Abs(by) - 1) / Math.Abs(by);
        return ((int)first, (int)by, (int)count);
    }

    private static long Index(object? value) => Numbers.IsInteger(value) || value is Undefined
        ? Numbers.ToLong(value)
        : throw JinjaError.Python("slice indices must be integers or None or have an __index__ method");

    /// <summary>Moves a bound into the sequence: from 0 to its length, or from -1 to its last position when going backwards.</summary>
    private static long Place(long index, int length, long step)
    {
        if (index < 0) index = Math.Max(index + length, step > 0 ? 0 : -1);
        return Math.Min(index, step > 0 ? length : length - 1);
    }

    private static string Cut(string text, object? start, object? stop, object? step)
    {
        if (!CodePoints.AreUnits(text)) return string.Concat(Pick([.. CodePoints.Split(text)], start, stop, step));
        var (from, by, count) = Bounds(start, stop, step, text.Length);
        if (by == 1) return text.Substring(count == 0 ? 0 : from, count);
        return string.Create(count, (text, from, by), static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = source.text[source.from + (i * source.by)];
        });
    }

    private static IEnumerable<string> Pick(string[] items, object? start, object? stop, object? step)
    {
        var (from, by, count) = Bounds(start, stop, step, items.Length);
        for (var i = 0; i < count; i++) yield return items[from + (i * by)];
    }

    private static object?[] Pick(object?[] items, (int From, int Step, int Count) bounds, Meter meter)
    {
        meter.MakeItems(bounds.Count);
        var picked = new object?[bounds.Count];
        for (var i = 0; i < picked.Length; i++) picked[i] = items[bounds.From + (i * bounds.Step)];
        return picked;
    }

    private static PyRange Cut(PyRange range, object? start, object? stop, object? step)
    {
        var (from, by, count) = Bounds(start, stop, step, (int)range.Length);
        return new PyRange(range.At(from), range.At(from + ((long)count * by)), range.Step * by);
    }
}

using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Stable sorting by Python's order; a pair of keys without an order fails with Python's message.</summary>
internal static class Sorting
{
    internal static List<T> Sort<T>(IEnumerable<T> source, Func<T, object?> key, bool reverse, Meter meter)
    {
        var entries = source.Select(item => new KeyValuePair<object?, T>(key(item), item)).ToArray();
        meter.MakeItems(entries.Length);
        if (reverse) Array.Reverse(entries); // reversed twice, equal items keep their places
        Merge(entries, new KeyValuePair<object?, T>[entries.Length], 0, entries.Length, meter);
        if (reverse) Array.Reverse(entries);
        return entries.ConvertAll(static entry => entry.Value);
    }

    private static List<T> ConvertAll<T>(this KeyValuePair<object?, T>[] entries, Func<KeyValuePair<object?, T>, T> convert) =>
        [.. entries.Select(convert)];

    private static void Merge<T>(KeyValuePair<object?, T>[] items, KeyValuePair<object?, T>[] spare, int from, int to, Meter meter)
    {
        if (to - from < 2) return;
        var middle = from + ((to - from) / 2);
        Merge(items, spare, from, middle, meter);
        Merge(items, spare, middle, to, meter);
        Array.Copy(items, from, spare, from, to - from);
        int left = from, right = middle;
        for (var i = from; i < to; i++)
        {
            var takeRight = left >= middle || (right < to && IsLess(spare[right].Key, spare[left].Key, meter));
            items[i] = takeRight ? spare[right++] : spare[left++];
        }
    }

    private static bool IsLess(object? x, object? y, Meter meter)
    {
        meter.Step();
        return Comparing.Order(x, y, "<", meter) < 0;
    }
}

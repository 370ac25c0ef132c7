using System.Diagnostics.CodeAnalysis;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>A dictionary in order of insertion. Filled while it is made, fixed afterwards.</summary>
internal sealed class PyDict(IEqualityComparer<object> comparer, int capacity = 0)
{
    /// <summary>Stands for the key None, which the collection cannot hold as null.</summary>
    private static readonly object NoneKey = new();

    private readonly OrderedDictionary<object, object?> items = new(capacity, comparer);

    internal int Count => items.Count;

    internal IEqualityComparer<object> Comparer => items.Comparer;

    internal IEnumerable<object?> Keys
    {
        get
        {
            foreach (var pair in items) yield return Outer(pair.Key);
        }
    }

    internal IEnumerable<object?> Values => items.Values;

    internal IEnumerable<KeyValuePair<object?, object?>> Pairs
    {
        get
        {
            foreach (var pair in items) yield return new(Outer(pair.Key), pair.Value);
        }
    }

    internal object? this[object? key]
    {
        set => items[Inner(key)] = value;
    }

    internal bool TryGet(object? key, out object? value) => items.TryGetValue(Inner(key), out value);

    internal bool Contains(object? key) => items.ContainsKey(Inner(key));

    internal KeyValuePair<object?, object?> At(int index)
    {
        var pair = items.GetAt(index);
        return new(Outer(pair.Key), pair.Value);
    }

    private static object Inner(object? key) => key ?? NoneKey;

    private static object? Outer(object key) => ReferenceEquals(key, NoneKey) ? null : key;
}

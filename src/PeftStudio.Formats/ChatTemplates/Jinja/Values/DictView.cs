namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> of a dictionary give.</summary>
internal sealed class DictView(DictViewKind kind, PyDict dict)
{
    internal DictViewKind Kind { get; } = kind;

    internal PyDict Dict { get; } = dict;

    internal IEnumerable<object?> Items => Kind switch
    {
        DictViewKind.Keys => Dict.Keys,
        DictViewKind.Values => Dict.Values,
        _ => Dict.Pairs.Select(static pair => (object?)new PyTuple(pair.Key, pair.Value)),
    };
}

/// <summary>The part of a dictionary that a view shows.</summary>
internal enum DictViewKind
{
    /// <summary>Keys.</summary>
    Keys,

    /// <summary>Values.</summary>
    Values,

    /// <summary>Pairs of key and value.</summary>
    Items,
}

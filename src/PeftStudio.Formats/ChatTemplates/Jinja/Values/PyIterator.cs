namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>What filters like <c>map</c> and <c>select</c> give: items made on demand, once. A second loop over it finds nothing.</summary>
internal sealed class PyIterator(string typeName, IEnumerator<object?> items)
{
    internal PyIterator(string typeName, IEnumerable<object?> items)
        : this(typeName, items.GetEnumerator())
    {
    }

    internal string TypeName { get; } = typeName;

    internal IEnumerator<object?> Items { get; } = items;
}

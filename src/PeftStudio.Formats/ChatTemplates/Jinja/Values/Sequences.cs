namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Items in order. The sandbox has no way to change a list, so lists are as fixed as tuples here.</summary>
internal abstract class PySequence(object?[] items)
{
    internal object?[] Items { get; } = items;
}

/// <summary>A list.</summary>
internal sealed class PyList(object?[] items) : PySequence(items)
{
    internal static PyList Empty { get; } = new([]);
}

/// <summary>A tuple.</summary>
internal class PyTuple(params object?[] items) : PySequence(items);

/// <summary>A group of <c>groupby</c>: a pair that also has <c>grouper</c> and <c>list</c>.</summary>
internal sealed class PyGroup(object? grouper, PyList list) : PyTuple(grouper, list);

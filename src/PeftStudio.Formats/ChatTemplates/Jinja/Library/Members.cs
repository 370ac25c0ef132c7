using System.Collections.Frozen;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Library;

/// <summary>
/// <c>x.name</c> and <c>x[key]</c>: the closed list of members that values have. Nothing of .NET is reachable; what Python would have and
/// the sandbox withholds (dunder names, methods that change lists and dictionaries) gives an undefined value that fails when used.
/// </summary>
internal static class Members
{
    /// <summary>Names every Python object has. They exist, so using them is a security error, not an undefined one.</summary>
    private static readonly FrozenSet<string> Dunders = FrozenSet.ToFrozenSet(
    [
        "__class__", "__delattr__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__", "__getattribute__", "__getstate__", "__gt__",
        "__hash__", "__init__", "__init_subclass__", "__le__", "__lt__", "__ne__", "__new__", "__reduce__", "__reduce_ex__", "__repr__",
        "__setattr__", "__sizeof__", "__str__", "__subclasshook__", "__len__", "__iter__", "__contains__", "__getitem__", "__add__",
        "__mul__", "__rmul__", "__mod__", "__rmod__", "__call__", "__name__", "__self__", "__module__", "__dict__", "__globals__",
        "__code__", "__closure__", "__defaults__", "__func__", "__qualname__", "__text_signature__", "__html__", "__getnewargs__",
        "__class_getitem__", "__reversed__", "__setitem__", "__delitem__", "__ior__", "__or__", "__ror__", "__iadd__", "__imul__",
        "__bool__", "__int__", "__float__", "__index__", "__sub__", "__neg__", "__pos__", "__abs__", "__truediv__", "__floordiv__",
        "__pow__", "__and__", "__xor__", "__invert__", "__lshift__", "__rshift__", "__divmod__", "__round__", "__trunc__", "__ceil__",
        "__floor__", "__next__", "__bases__", "__mro__", "__subclasses__", "__base__", "__weakref__", "__wrapped__", "__annotations__",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string> ListChanges = FrozenSet.ToFrozenSet(
        ["append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"], StringComparer.Ordinal);

    private static readonly FrozenSet<string> DictChanges = FrozenSet.ToFrozenSet(
        ["clear", "pop", "popitem", "setdefault", "update"], StringComparer.Ordinal);

    /// <summary><c>owner.name</c>: the attribute if there is one, else the item of that key.</summary>
    internal static object? GetAttribute(RenderContext context, object? owner, string name)
    {
        var value = Attribute(context, owner, name);
        if (!Missing.Is(value)) return value;
        return owner is PyDict dict && dict.TryGet(name, out value) ? value : Undefined.Member(owner, name);
    }

    /// <summary><c>owner[key]</c>: the item of that key or position if there is one, else the attribute of that name.</summary>
    internal static object? GetItem(RenderContext context, object? owner, object? key)
    {
        var value = Item(context, owner, key);
        if (!Missing.Is(value)) return value;
        if (Markup.TextOf(key) is not { } name) return Undefined.Member(owner, key);
        value = Attribute(context, owner, name);
        return Missing.Is(value) ? Undefined.Member(owner, name) : value;
    }

    /// <summary>An attribute, never a key; <see cref="Missing.Value"/> if there is none.</summary>
    internal static object? Attribute(RenderContext context, object? owner, string name)
    {
        if (owner is Undefined undefined) throw undefined.Fail();
        if (name.StartsWith("__", StringComparison.Ordinal) && Dunders.Contains(name)) return Undefined.Unsafe(owner, name);
        switch (owner)
        {
            case PyDict dict:
                return DictChanges.Contains(name) ? Undefined.Unsafe(owner, name) : DictMethods.Find(dict, name);
            case string or Markup:
                return StringMethods.Find(owner, name);
            case PyGroup group when name is "grouper" or "list":
                return group.Items[name == "grouper" ? 0 : 1];
            case PySequence sequence:
                return owner is PyList && ListChanges.Contains(name) ? Undefined.Unsafe(owner, name) : SequenceMethods.Find(sequence, name);
            case Callable callable:
                return callable.Attribute(context, name);
            case Namespace space:
                return space.Get(name);
            case PyRange range:
                return name switch { "start" => range.Start, "stop" => range.Stop, "step" => range.Step, _ => Missing.Value };
            default:
                return NumberMethods.Find(owner, name);
        }
    }

    private static object? Item(RenderContext context, object? owner, object? key)
    {
        switch (owner)
        {
            case PyDict dict:
                return context.Meter.Keys.CanHash(key) && dict.TryGet(key, out var value) ? value : Missing.Value;
            case PySequence sequence when Numbers.IsInteger(key):
                return At(sequence.Items.Length, key) is { } index ? sequence.Items[index] : Missing.Value;
            case string or Markup when Numbers.IsInteger(key):
                return CharacterAt(context, owner, key);
            case PyRange range when Numbers.IsInteger(key):
                return At((int)range.Length, key) is { } place ? range.At(place) : Missing.Value;
            case PyBytes bytes when Numbers.IsInteger(key):
                return At(bytes.Values.Length, key) is { } at ? (long)bytes.Values[at] : Missing.Value;
            case TemplateReference when Markup.TextOf(key) is { } name:
                return TemplateReference.Block(context, name);
            case Undefined undefined:
                throw undefined.Fail();
            default:
                return Missing.Value;
        }
    }

    private static object CharacterAt(RenderContext context, object owner, object? key)
    {
        var text = Markup.TextOf(owner)!;
        context.Meter.Read(text.Length);
        if (At(CodePoints.Count(text), key) is not { } position) return Missing.Value;
        var unit = CodePoints.UnitOf(text, position);
        return Markup.Like(owner, text.Substring(unit, CodePoints.UnitsAt(text, unit)));
    }

    private static int? At(int length, object? key)
    {
        var index = Numbers.ToLong(key);
        if (index < 0) index += length;
        return index >= 0 && index < length ? (int)index : null;
    }
}

using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary>A variable that is read.</summary>
internal sealed class NameExpression(string name, int line) : Expression(line)
{
    private readonly Undefined undefined = Undefined.Name(name);
    private SlotReference reference;

    internal string Name { get; } = name;

    internal override IEnumerable<Node> Children => [];

    internal override void Declare(Symbols symbols) => symbols.Load(Name);

    internal override void Bind(Scope scope)
    {
        // Names in the filter of a block set are the only ones that no frame has noted yet.
        scope.Symbols.Load(Name);
        reference = scope.Symbols.Find(Name)!.Value;
    }

    internal override object? Evaluate(Frame frame)
    {
        var value = frame[reference];
        return Missing.Is(value) ? undefined : value;
    }
}

/// <summary>Something that can be set.</summary>
internal abstract class Target(int line) : Node(line)
{
    internal abstract void Assign(Frame frame, object? value);

    /// <summary>Notes its names as parameters, which the frame's creator sets.</summary>
    internal abstract void DeclareParameters(Symbols symbols);

    /// <summary>Fails where a namespace attribute is set on something else; checked before the value is made.</summary>
    internal virtual void Check(Frame frame)
    {
    }
}

/// <summary>A variable that is set.</summary>
internal sealed class NameTarget(string name, int line) : Target(line)
{
    private SlotReference reference;
    private bool exported;

    internal string Name { get; } = name;

    /// <summary>Whether it is a parameter or the name of a macro rather than something the template sets.</summary>
    internal bool IsParameter { get; set; }

    internal override IEnumerable<Node> Children => [];

    internal override void Declare(Symbols symbols) => symbols.Store(Name);

    internal override void DeclareParameters(Symbols symbols) => symbols.Parameter(Name);

    internal override void Bind(Scope scope)
    {
        reference = scope.Symbols.Find(Name)!.Value;
        exported = scope.TopLevel;
    }

    internal override void Assign(Frame frame, object? value)
    {
        frame[reference] = value;
        if (exported) frame.Context.Export(Name, value);
    }
}

/// <summary>Several targets that take the items of one value.</summary>
internal sealed class TupleTarget(Target[] targets, int line) : Target(line)
{
    internal override IEnumerable<Node> Children => targets;

    internal override void DeclareParameters(Symbols symbols)
    {
        foreach (var target in targets) target.DeclareParameters(symbols);
    }

    internal override void Check(Frame frame)
    {
        foreach (var target in targets) target.Check(frame);
    }

    internal override void Assign(Frame frame, object? value)
    {
        if (value is not PySequence { Items: var items }) items = Taken(value, frame);
        if (items.Length != targets.Length)
        {
            throw JinjaError.Python(items.Length < targets.Length
                ? $"not enough values to unpack (expected {targets.Length}, got {items.Length})"
                : $"too many values to unpack (expected {targets.Length})");
        }

        for (var i = 0; i < targets.Length; i++) targets[i].Assign(frame, items[i]);
    }

    /// <summary>As many items as there are targets, and one more to tell that there are too many.</summary>
    private object?[] Taken(object? value, Frame frame)
    {
        using var items = Iterating.Over(value, frame.Context.Meter);
        var taken = new List<object?>();
        while (taken.Count <= targets.Length && items.MoveNext()) taken.Add(items.Current);
        return [.. taken];
    }
}

/// <summary>An attribute of a namespace that is set.</summary>
internal sealed class NamespaceTarget(string name, string attribute, int line) : Target(line)
{
    private readonly NameExpression owner = new(name, line);

    internal override IEnumerable<Node> Children => [owner];

    internal override void DeclareParameters(Symbols symbols) => owner.Declare(symbols);

    internal override void Check(Frame frame)
    {
        if (owner.Evaluate(frame) is not Namespace) throw NotNamespace();
    }

    internal override void Assign(Frame frame, object? value)
    {
        if (owner.Evaluate(frame) is not Namespace space) throw NotNamespace();
        space.Set(attribute, value);
    }

    private static JinjaError NotNamespace() => JinjaError.Template("cannot assign attribute on non-namespace object");
}

using PeftStudio.Formats.ChatTemplates.Jinja.Library;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary><c>x.name</c>.</summary>
internal sealed class AttributeExpression(Expression owner, string name, int line) : Expression(line)
{
    internal override IEnumerable<Node> Children => [owner];

    internal override object? Evaluate(Frame frame)
    {
        frame.Context.Meter.Step();
        return Members.GetAttribute(frame.Context, owner.Evaluate(frame), name);
    }
}

/// <summary><c>x[key]</c>.</summary>
internal sealed class ItemExpression(Expression owner, Expression key, int line) : Expression(line)
{
    internal override IEnumerable<Node> Children => [owner, key];

    internal override object? Evaluate(Frame frame)
    {
        frame.Context.Meter.Step();
        return Members.GetItem(frame.Context, owner.Evaluate(frame), key.Evaluate(frame));
    }
}

/// <summary><c>x[start:stop:step]</c>.</summary>
internal sealed class SliceExpression(Expression owner, Expression? start, Expression? stop, Expression? step, int line) : Expression(line)
{
    internal override IEnumerable<Node> Children => new Node?[] { owner, start, stop, step }.OfType<Node>();

    internal override object? Evaluate(Frame frame) => Slicing.Slice(
        owner.Evaluate(frame), start?.Evaluate(frame), stop?.Evaluate(frame), step?.Evaluate(frame), frame.Context.Meter);
}

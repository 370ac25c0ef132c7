using PeftStudio.Formats.ChatTemplates.Jinja.Library;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary>A number, a text, true, false or none.</summary>
internal sealed class ConstantExpression(object? value, int line) : Expression(line)
{
    internal object? Value { get; } = value;

    internal override IEnumerable<Node> Children => [];

    internal override object? Evaluate(Frame frame) => Value;
}

/// <summary>Template text between tags.</summary>
internal sealed class TextExpression(string text, int line) : Expression(line)
{
    internal string Text { get; } = text;

    internal override IEnumerable<Node> Children => [];

    internal override object? Evaluate(Frame frame) => Text;
}

/// <summary>A list in brackets.</summary>
internal sealed class ListExpression(Expression[] items, int line) : Expression(line)
{
    internal override IEnumerable<Node> Children => items;

    internal override object? Evaluate(Frame frame)
    {
        frame.Context.Meter.MakeItems(items.Length);
        return new PyList(EvaluateAll(items, frame));
    }

    internal static object?[] EvaluateAll(Expression[] items, Frame frame)
    {
        if (items.Length == 0) return [];
        var values = new object?[items.Length];
        for (var i = 0; i < items.Length; i++) values[i] = items[i].Evaluate(frame);
        return values;
    }
}

/// <summary>A tuple.</summary>
internal sealed class TupleExpression(Expression[] items, int line) : Expression(line)
{
    internal Expression[] Items { get; } = items;

    internal override IEnumerable<Node> Children => Items;

    internal override object? Evaluate(Frame frame)
    {
        frame.Context.Meter.MakeItems(Items.Length);
        return new PyTuple(ListExpression.EvaluateAll(Items, frame));
    }
}

/// <summary>A dictionary in braces.</summary>
internal sealed class DictExpression(Expression[] keys, Expression[] values, int line) : Expression(line)
{
    internal override IEnumerable<Node> Children => keys.Zip(values, static (key, value) => new Node[] { key, value }).SelectMany(static pair => pair);

    internal override object? Evaluate(Frame frame)
    {
        var meter = frame.Context.Meter;
        meter.MakeItems(keys.Length);
        var dict = new PyDict(meter.Keys, keys.Length);
        for (var i = 0; i < keys.Length; i++) DictMethods.Put(dict, keys[i].Evaluate(frame), values[i].Evaluate(frame), meter);
        return dict;
    }
}

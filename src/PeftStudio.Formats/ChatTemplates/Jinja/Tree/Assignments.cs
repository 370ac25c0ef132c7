using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary><c>set target = value</c>.</summary>
internal sealed class SetStatement(Target target, Expression value, int line) : Statement(line)
{
    internal override IEnumerable<Node> Children => [target, value];

    /// <summary>The value is read before the target is set.</summary>
    internal override void Declare(Symbols symbols)
    {
        value.Declare(symbols);
        target.Declare(symbols);
    }

    internal override Flow Execute(Frame frame)
    {
        target.Check(frame);
        target.Assign(frame, value.Evaluate(frame));
        return Flow.Next;
    }
}

/// <summary><c>set target</c> … <c>endset</c>: the text of the block, through filters if any are given.</summary>
internal sealed class SetBlockStatement(Target target, FilterExpression? filter, Statement[] body, int line) : Statement(line)
{
    private FrameLayout layout = new();

    internal override IEnumerable<Node> Children => filter is null ? [target, .. body] : [target, filter, .. body];

    internal override void Declare(Symbols symbols) => target.Declare(symbols);

    internal override void Bind(Scope scope)
    {
        var inner = new Symbols(scope.Symbols);
        DeclareAll(body, inner);
        BindAll(body, scope.Inner(inner));
        filter?.Bind(scope.Inner(inner));
        layout = inner.Seal();
        target.Bind(scope);
    }

    internal override Flow Execute(Frame frame)
    {
        var context = frame.Context;
        var block = new Frame(context, layout, frame);
        var outer = context.BeginCapture();
        var flow = Run(body, block);
        var text = context.EndCapture(outer);
        if (flow != Flow.Next) return flow;
        object? value = text;
        if (filter is not null) value = filter.EvaluateBlock(block, context.AutoEscape ? new Markup(text) : text);
        if (context.AutoEscape) value = new Markup(Formatting.PyText.Str(value, context.Meter));
        target.Assign(frame, value);
        return Flow.Next;
    }
}

/// <summary><c>with a = 1, b = 2</c> … <c>endwith</c>. The values are read outside, the names are known inside.</summary>
internal sealed class WithStatement(Target[] targets, Expression[] values, Statement[] body, int line) : Statement(line)
{
    private FrameLayout layout = new();

    internal override IEnumerable<Node> Children => [.. targets, .. values, .. body];

    internal override void Declare(Symbols symbols) => DeclareAll(values, symbols);

    internal override void Bind(Scope scope)
    {
        BindAll(values, scope);
        var inner = new Symbols(scope.Symbols);
        foreach (var target in targets) target.DeclareParameters(inner);
        DeclareAll(body, inner);
        var within = scope.Inner(inner);
        BindAll(targets, within);
        BindAll(body, within);
        layout = inner.Seal();
    }

    internal override Flow Execute(Frame frame)
    {
        var inner = new Frame(frame.Context, layout, frame);
        for (var i = 0; i < targets.Length; i++) targets[i].Assign(inner, values[i].Evaluate(frame));
        return Run(body, inner);
    }
}

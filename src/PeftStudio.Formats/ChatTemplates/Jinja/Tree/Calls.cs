using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Library;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary>The arguments written in a call, a filter or a test.</summary>
internal sealed class ArgumentList(Expression[] positional, KeyValuePair<string, Expression>[] named, Expression? rest, Expression? namedRest)
{
    internal static ArgumentList Empty { get; } = new([], [], null, null);

    internal IEnumerable<Node> Children
    {
        get
        {
            foreach (var argument in positional) yield return argument;
            foreach (var argument in named) yield return argument.Value;
            if (rest is not null) yield return rest;
            if (namedRest is not null) yield return namedRest;
        }
    }

    internal Arguments Evaluate(Frame frame)
    {
        var values = ListExpression.EvaluateAll(positional, frame);
        if (named.Length == 0 && rest is null && namedRest is null) return new Arguments(values, []);
        var names = new List<KeyValuePair<string, object?>>();
        foreach (var (name, expression) in named) Add(names, name, expression.Evaluate(frame));
        if (rest is not null) values = [.. values, .. Iterating.ToArray(rest.Evaluate(frame), frame.Context.Meter)];
        if (namedRest is not null) Spread(names, namedRest.Evaluate(frame));
        return new Arguments(values, [.. names]);
    }

    private static void Spread(List<KeyValuePair<string, object?>> names, object? value)
    {
        if (value is not PyDict dict) throw JinjaError.Python($"argument after ** must be a mapping, not {PyTypes.NameOf(value)}");
        foreach (var pair in dict.Pairs)
        {
            Add(names, Markup.TextOf(pair.Key) ?? throw JinjaError.Python("keywords must be strings"), pair.Value);
        }
    }

    private static void Add(List<KeyValuePair<string, object?>> names, string name, object? value)
    {
        if (names.Exists(pair => pair.Key == name)) throw JinjaError.Python($"got multiple values for keyword argument '{name}'");
        names.Add(new(name, value));
    }
}

/// <summary>A call.</summary>
internal sealed class CallExpression(Expression callee, ArgumentList arguments, int line) : Expression(line)
{
    internal override IEnumerable<Node> Children => arguments.Children.Prepend(callee);

    internal override object? Evaluate(Frame frame) => Evaluate(frame, null);

    /// <summary>Calls with a <c>caller</c>, as a call block does.</summary>
    internal object? Evaluate(Frame frame, Macro? caller)
    {
        var context = frame.Context;
        var target = callee.Evaluate(frame);
        var given = arguments.Evaluate(frame);
        if (caller is not null) given = new Arguments(given.Positional, [.. given.Named, new("caller", caller)]);
        if (target is Undefined undefined) throw undefined.Fail();
        if (target is not Callable callable) throw JinjaError.Python($"'{PyTypes.NameOf(target)}' object is not callable");
        context.Meter.Step();
        context.Line = Line;
        return callable.Call(context, given);
    }
}

/// <summary><c>value | filter(…)</c>. Without a value it stands in a block and takes the block's text.</summary>
internal sealed class FilterExpression(Expression? operand, string name, ArgumentList arguments, int line) : Expression(line)
{
    private Filter? filter;

    internal override IEnumerable<Node> Children => operand is null ? arguments.Children : arguments.Children.Prepend(operand);

    internal override void Bind(Scope scope)
    {
        filter = Filters.Find(name);
        if (filter is null && !scope.Conditional) throw JinjaError.Syntax($"No filter named '{name}'.", Line);
        base.Bind(scope);
    }

    internal override object? Evaluate(Frame frame) => Apply(frame, operand!.Evaluate(frame));

    /// <summary>Applies the filter to the text of a block: to the innermost filter of a chain.</summary>
    internal object? EvaluateBlock(Frame frame, object text) => Apply(
        frame, operand is FilterExpression inner ? inner.EvaluateBlock(frame, text) : operand is null ? text : operand.Evaluate(frame));

    private object? Apply(Frame frame, object? value)
    {
        if (filter is null) throw JinjaError.Template($"No filter named '{name}' found.");
        var given = arguments.Evaluate(frame);
        frame.Context.Meter.Step();
        return filter(frame.Context, value, given);
    }
}

/// <summary><c>value is test(…)</c>.</summary>
internal sealed class TestExpression(Expression operand, string name, ArgumentList arguments, int line) : Expression(line)
{
    private Test? test;

    internal override IEnumerable<Node> Children => arguments.Children.Prepend(operand);

    internal override void Bind(Scope scope)
    {
        test = Tests.Find(name);
        if (test is null && !scope.Conditional) throw JinjaError.Syntax($"No test named '{name}'.", Line);
        base.Bind(scope);
    }

    internal override object? Evaluate(Frame frame)
    {
        if (test is null) throw JinjaError.Template($"No test named '{name}' found.");
        var value = operand.Evaluate(frame);
        var given = arguments.Evaluate(frame);
        frame.Context.Meter.Step();
        return test(frame.Context, value, given);
    }
}

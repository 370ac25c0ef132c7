using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary>An arithmetic operator with two operands.</summary>
internal sealed class BinaryExpression(string sign, Expression left, Expression right, int line) : Expression(line)
{
    internal override IEnumerable<Node> Children => [left, right];

    internal override object? Evaluate(Frame frame)
    {
        var context = frame.Context;
        var (x, y) = (left.Evaluate(frame), right.Evaluate(frame));
        context.Meter.Step();
        return sign switch
        {
            "+" => Operators.Add(x, y, context.Meter),
            "-" => Operators.Subtract(x, y),
            "*" => Operators.Multiply(x, y, context.Meter),
            "/" => Operators.Divide(x, y),
            "//" => Operators.FloorDivide(x, y),
            "%" => Operators.Modulo(x, y, context),
            _ => Operators.Power(x, y),
        };
    }
}

/// <summary>A sign before a number.</summary>
internal sealed class SignExpression(bool negative, Expression operand, int line) : Expression(line)
{
    internal override IEnumerable<Node> Children => [operand];

    internal override object? Evaluate(Frame frame) =>
        negative ? Operators.Negate(operand.Evaluate(frame)) : Operators.Plus(operand.Evaluate(frame));
}

/// <summary><c>not</c>.</summary>
internal sealed class NotExpression(Expression operand, int line) : Expression(line)
{
    internal override IEnumerable<Node> Children => [operand];

    internal override object? Evaluate(Frame frame) => !Iterating.IsTrue(operand.Evaluate(frame));
}

/// <summary><c>and</c> and <c>or</c>, which give one of their operands.</summary>
internal sealed class LogicExpression(bool isAnd, Expression left, Expression right, int line) : Expression(line)
{
    internal override IEnumerable<Node> Children => [left, right];

    internal override object? Evaluate(Frame frame)
    {
        var value = left.Evaluate(frame);
        return Iterating.IsTrue(value) == isAnd ? right.Evaluate(frame) : value;
    }
}

/// <summary>Comparisons, chained as in <c>1 &lt; 2 &lt; 3</c>.</summary>
internal sealed class CompareExpression(Expression first, KeyValuePair<string, Expression>[] rest, int line) : Expression(line)
{
    internal override IEnumerable<Node> Children => rest.Select(static pair => pair.Value).Prepend(first);

    internal override object? Evaluate(Frame frame)
    {
        var meter = frame.Context.Meter;
        var left = first.Evaluate(frame);
        foreach (var (sign, operand) in rest)
        {
            meter.Step();
            var right = operand.Evaluate(frame);
            if (!Holds(sign, left, right, meter)) return false;
            left = right;
        }

        return true;
    }

    internal static bool Holds(string sign, object? left, object? right, Meter meter) => sign switch
    {
        "==" => Comparing.Same(left, right, meter),
        "!=" => !Comparing.Same(left, right, meter),
        "<" => Comparing.Order(left, right, sign, meter) < 0,
        "<=" => Comparing.Order(left, right, sign, meter) <= 0,
        ">" => Comparing.Order(left, right, sign, meter) > 0,
        ">=" => Comparing.Order(left, right, sign, meter) >= 0,
        "in" => Comparing.Contains(right, left, meter),
        _ => !Comparing.Contains(right, left, meter),
    };
}

/// <summary><c>~</c>: texts of all values joined.</summary>
internal sealed class ConcatExpression(Expression[] parts, int line) : Expression(line)
{
    private EscapeMode escape;

    internal override IEnumerable<Node> Children => parts;

    internal override void Bind(Scope scope)
    {
        base.Bind(scope);
        escape = scope.Escape;
    }

    internal override object? Evaluate(Frame frame)
    {
        var context = frame.Context;
        var values = ListExpression.EvaluateAll(parts, frame);
        var marked = (escape == EscapeMode.On || (escape == EscapeMode.Dynamic && context.AutoEscape)) && Array.Exists(values, static v => v is Markup);
        var texts = Array.ConvertAll(values, value => marked ? HtmlText.Escape(value, context.Meter).Text : PyText.Str(value, context.Meter));
        context.Meter.Make(texts.Sum(static text => (long)text.Length));
        return marked ? new Markup(string.Concat(texts)) : string.Concat(texts);
    }
}

/// <summary><c>a if condition else b</c>; without <c>else</c> undefined where the condition fails.</summary>
internal sealed class ConditionalExpression(Expression condition, Expression then, Expression? otherwise, int line) : Expression(line)
{
    private static readonly Undefined NoElse = new("the inline if-expression evaluated to false and no else section was defined.");

    internal override IEnumerable<Node> Children => otherwise is null ? [condition, then] : [condition, then, otherwise];

    internal override void Bind(Scope scope) => base.Bind(scope.Branch());

    internal override object? Evaluate(Frame frame)
    {
        if (Iterating.IsTrue(condition.Evaluate(frame))) return then.Evaluate(frame);
        return otherwise is null ? NoElse : otherwise.Evaluate(frame);
    }
}

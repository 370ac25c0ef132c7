using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Tree;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Syntax;

/// <content>Expressions, from the weakest operator to the strongest.</content>
internal sealed partial class Parser
{
    private static readonly Dictionary<string, object?> Constants = new(StringComparer.Ordinal)
    {
        ["true"] = true, ["True"] = true, ["false"] = false, ["False"] = false, ["none"] = null, ["None"] = null,
    };

    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];
    private static readonly string[] Products = ["*", "/", "//", "%"];

    /// <summary>An expression, or several with commas between, which are a tuple.</summary>
    private Expression TupleOrExpression(bool withCondition = true, string? endName = null, bool inParentheses = false)
    {
        var line = tokens.Current.Line;
        var items = new List<Expression>();
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0) tokens.ExpectOperator(",");
            if (AtTupleEnd(endName)) break;
            items.Add(withCondition ? Expression() : Or());
            if (!tokens.Current.IsOperator(",")) break;
            isTuple = true;
        }

        if (isTuple) return new TupleExpression([.. items], line);
        if (items.Count > 0) return items[0];
        if (inParentheses) return new TupleExpression([], line);
        throw JinjaError.Syntax($"Expected an expression, got '{tokens.Current.Describe()}'", tokens.Current.Line);
    }

    private bool AtTupleEnd(string? endName) => tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd
        || tokens.Current.IsOperator(")") || (endName is not null && tokens.Current.IsName(endName));

    private Expression Expression()
    {
        Enter();
        var line = tokens.Current.Line;
        var value = Or();
        var chain = 0;
        while (tokens.SkipName("if"))
        {
            var condition = Or();
            value = Chained(new ConditionalExpression(condition, value, tokens.SkipName("else") ? Expression() : null, line), ref chain);
            line = tokens.Current.Line;
        }

        Leave();
        return value;
    }

    private Expression Or()
    {
        var line = tokens.Current.Line;
        var left = And();
        for (var chain = 0; tokens.SkipName("or"); line = tokens.Current.Line) left = Chained(new LogicExpression(false, left, And(), line), ref chain);
        return left;
    }

    private Expression And()
    {
        var line = tokens.Current.Line;
        var left = Not();
        for (var chain = 0; tokens.SkipName("and"); line = tokens.Current.Line) left = Chained(new LogicExpression(true, left, Not(), line), ref chain);
        return left;
    }

    private Expression Not()
    {
        if (!tokens.Current.IsName("not")) return Compare();
        Enter();
        var line = tokens.Advance().Line;
        var value = new NotExpression(Not(), line);
        Leave();
        return value;
    }

    private Expression Compare()
    {
        var line = tokens.Current.Line;
        var first = Sum();
        var rest = new List<KeyValuePair<string, Expression>>();
        while (true)
        {
            if (tokens.Current.Kind == TokenKind.Operator && Comparisons.Contains(tokens.Current.Text))
            {
                rest.Add(new(tokens.Advance().Text, Sum()));
            }
            else if (tokens.SkipName("in"))
            {
                rest.Add(new("in", Sum()));
            }
            else if (tokens.Current.IsName("not") && tokens.Look().IsName("in"))
            {
                tokens.Advance();
                tokens.Advance();
                rest.Add(new("not in", Sum()));
            }
            else
            {
                return rest.Count == 0 ? first : new CompareExpression(first, [.. rest], line);
            }
        }
    }

    private Expression Sum()
    {
        var line = tokens.Current.Line;
        var left = Concat();
        for (var chain = 0; tokens.Current.IsOperator("+") || tokens.Current.IsOperator("-"); line = tokens.Current.Line)
        {
            left = Chained(new BinaryExpression(tokens.Advance().Text, left, Concat(), line), ref chain);
        }

        return left;
    }

    private Expression Concat()
    {
        var line = tokens.Current.Line;
        var first = Product();
        if (!tokens.Current.IsOperator("~")) return first;
        var parts = new List<Expression> { first };
        while (tokens.SkipOperator("~")) parts.Add(Product());
        return new ConcatExpression([.. parts], line);
    }

    private Expression Product()
    {
        var line = tokens.Current.Line;
        var left = Power();
        for (var chain = 0; tokens.Current.Kind == TokenKind.Operator && Products.Contains(tokens.Current.Text); line = tokens.Current.Line)
        {
            left = Chained(new BinaryExpression(tokens.Advance().Text, left, Power(), line), ref chain);
        }

        return left;
    }

    /// <summary>Powers group from the left here, and a sign binds tighter: Jinja's order, not Python's.</summary>
    private Expression Power()
    {
        var line = tokens.Current.Line;
        var left = Unary(withFilter: true);
        for (var chain = 0; tokens.SkipOperator("**"); line = tokens.Current.Line)
        {
            left = Chained(new BinaryExpression("**", left, Unary(withFilter: true), line), ref chain);
        }

        return left;
    }

    private Expression Unary(bool withFilter)
    {
        Expression value;
        if (tokens.Current.IsOperator("-") || tokens.Current.IsOperator("+"))
        {
            Enter();
            var sign = tokens.Advance();
            value = new SignExpression(sign.Text == "-", Unary(withFilter: false), sign.Line);
            Leave();
        }
        else
        {
            value = Primary();
        }

        value = Postfix(value);
        return withFilter ? Filtered(value) : value;
    }

    private Expression Primary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                tokens.Advance();
                return Constants.TryGetValue(token.Text, out var constant)
                    ? new ConstantExpression(constant, token.Line)
                    : new NameExpression(token.Text, token.Line);
            case TokenKind.String:
                var text = new System.Text.StringBuilder();
                while (tokens.Current.Kind == TokenKind.String) text.Append(tokens.Advance().Text);
                return new ConstantExpression(text.ToString(), token.Line);
            case TokenKind.Integer or TokenKind.Float:
                tokens.Advance();
                return new ConstantExpression(token.Value, token.Line);
            case TokenKind.Operator when token.Text == "(":
                tokens.Advance();
                var inner = TupleOrExpression(inParentheses: true);
                tokens.ExpectOperator(")");
                return inner;
            case TokenKind.Operator when token.Text == "[": return List();
            case TokenKind.Operator when token.Text == "{": return Dict();
            default: throw JinjaError.Syntax($"unexpected '{token.Describe()}'", token.Line);
        }
    }

    private ListExpression List()
    {
        var line = tokens.Advance().Line;
        var items = new List<Expression>();
        while (!tokens.Current.IsOperator("]"))
        {
            if (items.Count > 0) tokens.ExpectOperator(",");
            if (tokens.Current.IsOperator("]")) break;
            items.Add(Expression());
        }

        tokens.ExpectOperator("]");
        return new ListExpression([.. items], line);
    }

    private DictExpression Dict()
    {
        var line = tokens.Advance().Line;
        var keys = new List<Expression>();
        var values = new List<Expression>();
        while (!tokens.Current.IsOperator("}"))
        {
            if (keys.Count > 0) tokens.ExpectOperator(",");
            if (tokens.Current.IsOperator("}")) break;
            keys.Add(Expression());
            tokens.ExpectOperator(":");
            values.Add(Expression());
        }

        tokens.ExpectOperator("}");
        return new DictExpression([.. keys], [.. values], line);
    }

    /// <summary>Counts the links of a chain that nests to the left without recursion here, but with it when it is evaluated.</summary>
    private T Chained<T>(T node, ref int chain)
        where T : Expression => depth + ++chain > maxDepth ? throw TooDeep() : node;
}

using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Tree;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Syntax;

/// <content>What follows a value: members, calls, filters, tests.</content>
internal sealed partial class Parser
{
    private Expression Postfix(Expression value)
    {
        for (var chain = 0; ;)
        {
            if (tokens.Current.IsOperator(".")) value = Chained(Member(value), ref chain);
            else if (tokens.Current.IsOperator("[")) value = Chained(Subscript(value), ref chain);
            else if (tokens.Current.IsOperator("(")) value = Chained(Call(value), ref chain);
            else return value;
        }
    }

    private Expression Filtered(Expression value)
    {
        for (var chain = 0; ;)
        {
            if (tokens.SkipOperator("|")) value = Chained(OneFilter(value), ref chain);
            else if (tokens.Current.IsName("is")) value = Chained(IsTest(value), ref chain);
            else if (tokens.Current.IsOperator("(")) value = Chained(Call(value), ref chain);
            else return value;
        }
    }

    private Expression Member(Expression owner)
    {
        var line = tokens.Advance().Line;
        var member = tokens.Advance();
        return member.Kind switch
        {
            TokenKind.Name => new AttributeExpression(owner, member.Text, line),
            TokenKind.Integer => new ItemExpression(owner, new ConstantExpression(member.Value, member.Line), line),
            _ => throw JinjaError.Syntax("expected name or number", member.Line),
        };
    }

    private Expression Subscript(Expression owner)
    {
        var line = tokens.Advance().Line;
        var keys = new List<Expression>();
        Expression?[]? slice = null;
        while (!tokens.Current.IsOperator("]"))
        {
            if (keys.Count > 0 || slice is not null) tokens.ExpectOperator(",");
            if (slice is not null) throw JinjaError.Syntax("a slice stands alone in its brackets", line);
            slice = SliceOr(keys);
            if (slice is not null && keys.Count > 0) throw JinjaError.Syntax("a slice stands alone in its brackets", line);
        }

        tokens.ExpectOperator("]");
        if (slice is not null) return new SliceExpression(owner, slice[0], slice[1], slice[2], line);
        return new ItemExpression(owner, keys.Count == 1 ? keys[0] : new TupleExpression([.. keys], line), line);
    }

    /// <summary>The three parts of a slice, or null after adding a key.</summary>
    private Expression?[]? SliceOr(List<Expression> keys)
    {
        Expression? start = null;
        if (!tokens.Current.IsOperator(":"))
        {
            start = Expression();
            if (!tokens.Current.IsOperator(":"))
            {
                keys.Add(start);
                return null;
            }
        }

        tokens.Advance();
        var stop = SlicePart();
        return [start, stop, tokens.SkipOperator(":") ? SlicePart() : null];
    }

    private Expression? SlicePart() =>
        tokens.Current.IsOperator(":") || tokens.Current.IsOperator("]") || tokens.Current.IsOperator(",") ? null : Expression();

    private CallExpression Call(Expression callee)
    {
        var line = tokens.Current.Line;
        return new CallExpression(callee, CallArguments(), line);
    }

    private ArgumentList CallArguments()
    {
        var open = tokens.ExpectOperator("(");
        var positional = new List<Expression>();
        var named = new List<KeyValuePair<string, Expression>>();
        Expression? rest = null, namedRest = null;
        for (var first = true; !tokens.Current.IsOperator(")"); first = false)
        {
            if (!first)
            {
                tokens.ExpectOperator(",");
                if (tokens.Current.IsOperator(")")) break;
            }

            if (tokens.Current.IsOperator("*"))
            {
                Require(rest is null && namedRest is null);
                tokens.Advance();
                rest = Expression();
            }
            else if (tokens.Current.IsOperator("**"))
            {
                Require(namedRest is null);
                tokens.Advance();
                namedRest = Expression();
            }
            else if (tokens.Current.Kind == TokenKind.Name && tokens.Look().IsOperator("="))
            {
                Require(namedRest is null);
                var name = tokens.Advance().Text;
                tokens.Advance();
                named.Add(new(name, Expression()));
            }
            else
            {
                Require(rest is null && namedRest is null && named.Count == 0);
                positional.Add(Expression());
            }
        }

        tokens.ExpectOperator(")");
        return positional.Count + named.Count == 0 && rest is null && namedRest is null
            ? ArgumentList.Empty
            : new ArgumentList([.. positional], [.. named], rest, namedRest);

        void Require(bool met)
        {
            if (!met) throw JinjaError.Syntax("invalid syntax for function call expression", open.Line);
        }
    }

    /// <summary>Filters, each behind a bar; what was given if there is none.</summary>
    private FilterExpression? FilterChain(FilterExpression? first)
    {
        var filter = first;
        for (var chain = 0; tokens.SkipOperator("|");) filter = Chained(OneFilter(filter), ref chain);
        return filter;
    }

    private FilterExpression OneFilter(Expression? value)
    {
        var line = tokens.Current.Line;
        var name = DottedName();
        var arguments = tokens.Current.IsOperator("(") ? CallArguments() : ArgumentList.Empty;
        return new FilterExpression(value, name, arguments, line);
    }

    private Expression IsTest(Expression value)
    {
        var line = tokens.Advance().Line;
        var negated = tokens.SkipName("not");
        var name = DottedName();
        var test = new TestExpression(value, name, TestArguments(), line);
        return negated ? new NotExpression(test, line) : test;
    }

    /// <summary>Arguments in parentheses, or the one value that follows: a test takes the next word as its argument.</summary>
    private ArgumentList TestArguments()
    {
        var next = tokens.Current;
        if (next.IsOperator("(")) return CallArguments();
        var begins = next.Kind is TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float
            || next.IsOperator("[") || next.IsOperator("{");
        if (!begins || next.IsName("else") || next.IsName("or") || next.IsName("and")) return ArgumentList.Empty;
        if (next.IsName("is")) throw JinjaError.Syntax("You cannot chain multiple tests with is", next.Line);
        return new ArgumentList([Postfix(Primary())], [], null, null);
    }

    private string DottedName()
    {
        var name = tokens.Expect(TokenKind.Name).Text;
        while (tokens.SkipOperator(".")) name += "." + tokens.Expect(TokenKind.Name).Text;
        return name;
    }
}

using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Tree;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Syntax;

/// <content>One method a tag.</content>
internal sealed partial class Parser
{
    private ForStatement For()
    {
        var line = tokens.Advance().Line;
        var target = AssignTarget(withNamespace: false, "in");
        tokens.ExpectName("in");
        var iterable = TupleOrExpression(withCondition: false, endName: "recursive");
        var test = tokens.SkipName("if") ? Expression() : null;
        var recursive = tokens.SkipName("recursive");
        var body = Body("endfor", "else");
        var otherwise = tokens.Advance().Text == "else" ? BodyTo("endfor") : [];
        return new ForStatement(target, iterable, test, recursive, body, otherwise, line);
    }

    private IfStatement If()
    {
        var line = tokens.Current.Line;
        var branches = new List<KeyValuePair<Expression, Statement[]>>();
        string tag;
        do
        {
            tokens.Advance();
            var test = TupleOrExpression(withCondition: false);
            branches.Add(new(test, Body("elif", "else", "endif")));
            tag = tokens.Current.Text;
        }
        while (tag == "elif");
        tokens.Advance();
        return new IfStatement([.. branches], tag == "else" ? BodyTo("endif") : [], line);
    }

    private Statement Set()
    {
        var line = tokens.Advance().Line;
        var target = AssignTarget(withNamespace: true);
        if (tokens.SkipOperator("=")) return new SetStatement(target, TupleOrExpression(), line);
        var filter = FilterChain(null);
        return new SetBlockStatement(target, filter, BodyTo("endset"), line);
    }

    private MacroStatement Macro()
    {
        var line = tokens.Advance().Line;
        var name = tokens.Expect(TokenKind.Name).Text;
        var (parameters, defaults) = Signature();
        return new MacroStatement(name, new MacroBody(parameters, defaults, BodyTo("endmacro"), line), line);
    }

    private CallBlockStatement CallBlock()
    {
        var line = tokens.Advance().Line;
        NameTarget[] parameters = [];
        Expression[] defaults = [];
        if (tokens.Current.IsOperator("(")) (parameters, defaults) = Signature();
        if (Expression() is not CallExpression call) throw JinjaError.Syntax("expected call", line);
        return new CallBlockStatement(call, new MacroBody(parameters, defaults, BodyTo("endcall"), line), line);
    }

    private GenerationStatement Generation()
    {
        var line = tokens.Advance().Line;
        HasGeneration = true;
        return new GenerationStatement(new MacroBody([], [], BodyTo("endgeneration"), line), line);
    }

    private FilterBlockStatement FilterBlock()
    {
        var line = tokens.Advance().Line;
        var filter = FilterChain(OneFilter(null))!;
        return new FilterBlockStatement(filter, BodyTo("endfilter"), line);
    }

    private WithStatement With()
    {
        var line = tokens.Advance().Line;
        var targets = new List<Target>();
        var values = new List<Expression>();
        while (tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (targets.Count > 0) tokens.ExpectOperator(",");
            var target = AssignTarget(withNamespace: false);
            MarkParameters(target);
            targets.Add(target);
            tokens.ExpectOperator("=");
            values.Add(Expression());
        }

        return new WithStatement([.. targets], [.. values], BodyTo("endwith"), line);
    }

    private AutoEscapeStatement AutoEscape()
    {
        var line = tokens.Advance().Line;
        return new AutoEscapeStatement(Expression(), BodyTo("endautoescape"), line);
    }

    private BlockStatement Block()
    {
        var line = tokens.Advance().Line;
        var name = tokens.Expect(TokenKind.Name).Text;
        var scoped = tokens.SkipName("scoped");
        var required = tokens.SkipName("required");
        if (tokens.Current.IsOperator("-"))
        {
            throw JinjaError.Syntax("Block names have to be identifiers and may not contain hyphens, use an underscore instead.", tokens.Current.Line);
        }

        var body = BodyTo("endblock");
        if (required && !body.All(IsBlank)) throw JinjaError.Syntax("Required blocks can only contain comments or whitespace", tokens.Current.Line);
        tokens.SkipName(name);
        return new BlockStatement(name, scoped, required, body, line);
    }

    private OutputStatement Print()
    {
        var line = tokens.Advance().Line;
        var values = new List<Expression>();
        while (tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (values.Count > 0) tokens.ExpectOperator(",");
            values.Add(Expression());
        }

        return new OutputStatement([.. values], line);
    }

    private (NameTarget[] Parameters, Expression[] Defaults) Signature()
    {
        var parameters = new List<NameTarget>();
        var defaults = new List<Expression>();
        tokens.ExpectOperator("(");
        while (!tokens.Current.IsOperator(")"))
        {
            if (parameters.Count > 0) tokens.ExpectOperator(",");
            var name = tokens.Expect(TokenKind.Name);
            if (tokens.SkipOperator("=")) defaults.Add(Expression());
            else if (defaults.Count > 0) throw JinjaError.Syntax("non-default argument follows default argument", tokens.Current.Line);
            if (parameters.Exists(known => known.Name == name.Text)) throw JinjaError.Syntax($"duplicate argument '{name.Text}'", name.Line);
            parameters.Add(new NameTarget(name.Text, name.Line) { IsParameter = true });
        }

        tokens.ExpectOperator(")");
        return ([.. parameters], [.. defaults]);
    }

    /// <summary>A name, an attribute of a namespace where allowed, or several of these with commas between.</summary>
    private Target AssignTarget(bool withNamespace, string? endName = null)
    {
        var line = tokens.Current.Line;
        var targets = new List<Target>();
        var isTuple = false;
        while (true)
        {
            if (targets.Count > 0) tokens.ExpectOperator(",");
            if (AtTupleEnd(endName)) break;
            targets.Add(OneTarget(withNamespace));
            if (!tokens.Current.IsOperator(",")) break;
            isTuple = true;
        }

        if (!isTuple && targets.Count == 0) throw JinjaError.Syntax($"Expected an expression, got '{tokens.Current.Describe()}'", tokens.Current.Line);
        return isTuple ? new TupleTarget([.. targets], line) : targets[0];
    }

    private Target OneTarget(bool withNamespace)
    {
        var token = tokens.Current;
        if (token.IsOperator("("))
        {
            Enter();
            tokens.Advance();
            var inner = tokens.Current.IsOperator(")") ? new TupleTarget([], token.Line) : AssignTarget(withNamespace: false);
            tokens.ExpectOperator(")");
            Leave();
            return inner;
        }

        if (token.Kind != TokenKind.Name)
        {
            throw JinjaError.Syntax(
                token.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float || token.IsOperator("[") || token.IsOperator("{")
                    ? $"can't assign to '{token.Describe()}'"
                    : $"unexpected '{token.Describe()}'",
                token.Line);
        }

        tokens.Advance();
        if (Constants.ContainsKey(token.Text)) throw JinjaError.Syntax("can't assign to 'const'", token.Line);
        if (!withNamespace || !tokens.SkipOperator(".")) return new NameTarget(token.Text, token.Line);
        return new NamespaceTarget(token.Text, tokens.Expect(TokenKind.Name).Text, token.Line);
    }

    private static void MarkParameters(Target target)
    {
        if (target is NameTarget name) name.IsParameter = true;
        foreach (var child in target.Children.OfType<Target>()) MarkParameters(child);
    }

    private static bool IsBlank(Statement statement) => statement is OutputStatement output
        && output.Children.All(static part => part is TextExpression text && string.IsNullOrWhiteSpace(text.Text));
}

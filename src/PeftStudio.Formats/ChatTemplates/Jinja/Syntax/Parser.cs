using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Tree;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Syntax;

/// <summary>Builds the tree of a template from its tokens: recursive descent, no deeper than the limit.</summary>
internal sealed partial class Parser
{
    private static readonly string[] OtherTemplates = ["include", "import", "from", "extends"];

    private readonly TokenStream tokens;
    private readonly int maxDepth;
    private readonly Stack<string> openTags = new();
    private int depth;

    private Parser(string source, int maxDepth)
    {
        tokens = new TokenStream(new Lexer(source));
        this.maxDepth = maxDepth;
    }

    /// <summary>Whether the template has a <c>generation</c> block.</summary>
    internal bool HasGeneration { get; private set; }

    internal static (Statement[] Body, bool HasGeneration) Parse(string source, int maxDepth)
    {
        var parser = new Parser(source, maxDepth);
        var body = parser.Statements([]);
        return (body, parser.HasGeneration);
    }

    /// <summary>Statements up to a tag with one of these names, which stays current; up to the end if none are given.</summary>
    private Statement[] Statements(ReadOnlySpan<string> endTags)
    {
        Enter();
        var body = new List<Statement>();
        var output = new List<Expression>();
        while (!tokens.AtEnd)
        {
            var token = tokens.Current;
            switch (token.Kind)
            {
                case TokenKind.Data:
                    output.Add(new TextExpression(token.Text, token.Line));
                    tokens.Advance();
                    break;
                case TokenKind.VariableBegin:
                    tokens.Advance();
                    output.Add(TupleOrExpression());
                    tokens.Expect(TokenKind.VariableEnd);
                    break;
                default:
                    Flush(output, body);
                    tokens.Advance();
                    if (tokens.Current.Kind == TokenKind.Name && endTags.Contains(tokens.Current.Text))
                    {
                        Leave();
                        return [.. body];
                    }

                    body.Add(OneStatement());
                    tokens.Expect(TokenKind.BlockEnd);
                    break;
            }
        }

        Flush(output, body);
        if (!endTags.IsEmpty) throw MissingTag(endTags);
        Leave();
        return [.. body];
    }

    /// <summary>The body of a tag: its end, statements, and the tag that closes it, whose name is passed over.</summary>
    private Statement[] Body(params ReadOnlySpan<string> endTags)
    {
        tokens.SkipOperator(":");
        tokens.Expect(TokenKind.BlockEnd);
        return Statements(endTags);
    }

    private Statement[] BodyTo(string endTag)
    {
        var body = Body(endTag);
        tokens.Advance();
        return body;
    }

    private Statement OneStatement()
    {
        var tag = tokens.Current;
        if (tag.Kind != TokenKind.Name) throw JinjaError.Syntax("tag name expected", tag.Line);
        if (OtherTemplates.Contains(tag.Text))
        {
            throw JinjaError.Syntax($"'{tag.Text}' needs other templates, and a chat template stands alone", tag.Line);
        }

        openTags.Push(tag.Text);
        Statement statement = tag.Text switch
        {
            "for" => For(),
            "if" => If(),
            "set" => Set(),
            "macro" => Macro(),
            "call" => CallBlock(),
            "filter" => FilterBlock(),
            "with" => With(),
            "block" => Block(),
            "autoescape" => AutoEscape(),
            "print" => Print(),
            "generation" => Generation(),
            "break" => new LeaveStatement(Flow.Break, tokens.Advance().Line),
            "continue" => new LeaveStatement(Flow.Continue, tokens.Advance().Line),
            _ => throw UnknownTag(tag),
        };
        openTags.Pop();
        return statement;
    }

    private static void Flush(List<Expression> output, List<Statement> body)
    {
        if (output.Count == 0) return;
        body.Add(new OutputStatement([.. output], output[0].Line));
        output.Clear();
    }

    private void Enter()
    {
        if (++depth > maxDepth) throw TooDeep();
    }

    private void Leave() => depth--;

    private JinjaError TooDeep() => new(
        JinjaErrorKind.Limit, $"expressions or blocks nested more than {maxDepth} deep (MaxDepth)", tokens.Current.Line);

    private JinjaError UnknownTag(Token tag)
    {
        openTags.Pop();
        return JinjaError.Syntax($"Encountered unknown tag '{tag.Text}'.{Innermost()}", tag.Line);
    }

    private JinjaError MissingTag(ReadOnlySpan<string> endTags) => JinjaError.Syntax(
        $"Unexpected end of template. Jinja was looking for the following tags: '{string.Join("' or '", endTags)}'.{Innermost()}", tokens.Current.Line);

    private string Innermost() =>
        openTags.TryPeek(out var open) ? $" The innermost block that needs to be closed is '{open}'." : "";
}

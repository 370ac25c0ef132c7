using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Syntax;

/// <summary>The tokens of a template with the current one in sight and one to look ahead.</summary>
internal sealed class TokenStream
{
    private readonly Lexer lexer;
    private Token? ahead;

    internal TokenStream(Lexer lexer)
    {
        this.lexer = lexer;
        Current = lexer.Next();
    }

    internal Token Current { get; private set; }

    internal bool AtEnd => Current.Kind == TokenKind.End;

    internal Token Look() => ahead ??= Fetch();

    /// <summary>Goes on and returns the token that was current.</summary>
    internal Token Advance()
    {
        var passed = Current;
        Current = ahead ?? Fetch();
        ahead = null;
        return passed;
    }

    internal bool SkipName(string name) => Skip(Current.IsName(name));

    internal bool SkipOperator(string sign) => Skip(Current.IsOperator(sign));

    internal Token Expect(TokenKind kind) =>
        Expect(Current.Kind == kind, kind == TokenKind.Name ? "name" : new Token(kind, "", null, 0).Describe());

    internal Token ExpectName(string name) => Expect(Current.IsName(name), name);

    internal Token ExpectOperator(string sign) => Expect(Current.IsOperator(sign), sign);

    private Token Expect(bool met, string expected)
    {
        if (met) return Advance();
        throw JinjaError.Syntax(
            AtEnd ? $"unexpected end of template, expected '{expected}'." : $"expected token '{expected}', got '{Current.Describe()}'", Current.Line);
    }

    /// <summary>The end stands on the line of the last token: that is where something is missing.</summary>
    private Token Fetch()
    {
        var token = lexer.Next();
        return token.Kind == TokenKind.End ? token with { Line = Current.Line } : token;
    }

    private bool Skip(bool met)
    {
        if (met) Advance();
        return met;
    }
}

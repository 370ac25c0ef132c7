namespace PeftStudio.Formats.ChatTemplates.Jinja.Syntax;

/// <summary>A piece of a template's text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A name, an operator, the value of a string, or template text.</param>
/// <param name="Value">The value of a number.</param>
/// <param name="Line">Where it begins, from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, object? Value, int Line)
{
    internal bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    internal bool IsOperator(string sign) => Kind == TokenKind.Operator && Text == sign;

    /// <summary>How messages call it.</summary>
    internal string Describe() => Kind switch
    {
        TokenKind.Name or TokenKind.Operator => Text,
        TokenKind.Data => "template data",
        TokenKind.VariableBegin => "begin of print statement",
        TokenKind.VariableEnd => "end of print statement",
        TokenKind.BlockBegin => "begin of statement block",
        TokenKind.BlockEnd => "end of statement block",
        TokenKind.End => "end of template",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}

/// <summary>Kinds of <see cref="Token"/>.</summary>
internal enum TokenKind
{
    /// <summary>Text outside of tags.</summary>
    Data,

    /// <summary><c>{{</c>.</summary>
    VariableBegin,

    /// <summary><c>}}</c>.</summary>
    VariableEnd,

    /// <summary><c>{%</c>.</summary>
    BlockBegin,

    /// <summary><c>%}</c>.</summary>
    BlockEnd,

    /// <summary>A name or keyword.</summary>
    Name,

    /// <summary>A text in quotes.</summary>
    String,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A float.</summary>
    Float,

    /// <summary>An operator or bracket.</summary>
    Operator,

    /// <summary>The end of the template.</summary>
    End,
}

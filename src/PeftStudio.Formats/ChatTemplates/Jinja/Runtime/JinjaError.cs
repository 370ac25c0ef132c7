namespace PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

/// <summary>What went wrong in a template; the engine's inner failure, which <see cref="ChatTemplate"/> turns into a public exception.</summary>
internal sealed class JinjaError(JinjaErrorKind kind, string message, int line = 0) : Exception(message)
{
    internal JinjaErrorKind Kind { get; } = kind;

    /// <summary>Line of the template, from 1; 0 while it is not known.</summary>
    internal int Line { get; } = line;

    internal static JinjaError Syntax(string message, int line) => new(JinjaErrorKind.Syntax, message, line);

    internal static JinjaError Python(string message) => new(JinjaErrorKind.Python, message);

    internal static JinjaError Template(string message) => new(JinjaErrorKind.Template, message);

    internal static JinjaError Security(string message) => new(JinjaErrorKind.Security, message);

    internal static JinjaError Limit(string message) => new(JinjaErrorKind.Limit, message);
}

namespace PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

/// <summary>Kinds of failure, as Jinja tells them apart.</summary>
internal enum JinjaErrorKind
{
    /// <summary>The template's text is not Jinja.</summary>
    Syntax,

    /// <summary>An undefined value was used.</summary>
    Undefined,

    /// <summary>The sandbox refused an access.</summary>
    Security,

    /// <summary>Another rule of the language was broken.</summary>
    Template,

    /// <summary>An operation on values that do not fit it: what Python would report as a type, value or arithmetic error.</summary>
    Python,

    /// <summary>The template called <c>raise_exception</c>; the message is its own.</summary>
    Raised,

    /// <summary>A limit of the sandbox was reached.</summary>
    Limit,
}

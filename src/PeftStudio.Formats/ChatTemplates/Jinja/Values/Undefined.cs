using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>
/// A value that is not there: prints nothing, is false, equals only its like, and fails when it is used further.
/// It remembers why it is missing, for the message of that failure.
/// </summary>
internal sealed class Undefined
{
    private readonly string message;
    private readonly JinjaErrorKind kind;

    internal Undefined(string message, JinjaErrorKind kind = JinjaErrorKind.Undefined)
    {
        this.message = message;
        this.kind = kind;
    }

    /// <summary>A name that nothing defines.</summary>
    internal static Undefined Name(string name) => new($"'{name}' is undefined");

    /// <summary>A member that a value does not have.</summary>
    internal static Undefined Member(object? owner, object? name) => new(
        name is string text
            ? $"'{Describe(owner)}' has no attribute '{text}'"
            : $"{Describe(owner)} has no element {(name is long index ? index : PyTypes.NameOf(name))}");

    /// <summary>A member that the sandbox withholds.</summary>
    internal static Undefined Unsafe(object? owner, string name) => new(
        $"access to attribute '{name}' of '{PyTypes.NameOf(owner)}' object is unsafe.", JinjaErrorKind.Security);

    /// <summary>The failure of using it.</summary>
    internal JinjaError Fail() => new(kind, message);

    private static string Describe(object? owner) => owner is null ? "None" : PyTypes.NameOf(owner) + " object";
}

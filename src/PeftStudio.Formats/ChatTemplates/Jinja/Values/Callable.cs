using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Something a template can call.</summary>
internal abstract class Callable(string typeName)
{
    /// <summary>Python's name of the type, for messages and printing.</summary>
    internal string TypeName { get; } = typeName;

    internal abstract object? Call(RenderContext context, Arguments arguments);

    /// <summary>An attribute, or <see cref="Missing.Value"/>.</summary>
    internal virtual object? Attribute(RenderContext context, string name) => Missing.Value;

    /// <summary>How it prints.</summary>
    internal virtual string Print(Meter meter) => $"<{TypeName}>";
}

/// <summary>A function of the environment or a method bound to its value.</summary>
internal sealed class Function(string name, Func<RenderContext, Arguments, object?> body) : Callable("builtin_function_or_method")
{
    internal override object? Call(RenderContext context, Arguments arguments) => body(context, arguments);

    internal override string Print(Meter meter) => $"<function {name}>";
}

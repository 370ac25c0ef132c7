namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>Marks a variable or argument that has no value; never visible to a template.</summary>
internal static class Missing
{
    internal static readonly object Value = new();

    internal static bool Is(object? value) => ReferenceEquals(value, Value);
}

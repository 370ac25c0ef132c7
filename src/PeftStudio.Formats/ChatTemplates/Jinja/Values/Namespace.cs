using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>The one object whose attributes a template may set, so that values leave a loop.</summary>
internal sealed class Namespace(PyDict attributes)
{
    internal PyDict Attributes { get; } = attributes;

    internal object? Get(string name) => Attributes.TryGet(name, out var value) ? value : Missing.Value;

    internal void Set(string name, object? value)
    {
        CheckName(name);
        Attributes[name] = value;
    }

    /// <summary>Refuses names that begin with an underscore, as transformers does.</summary>
    internal static void CheckName(object? name)
    {
        if (Markup.TextOf(name) is not ['_', ..] text) return;
        throw JinjaError.Security(
            $"Chat templates cannot store underscore-prefixed attributes on a namespace, but got '{text}'. Please rename the attribute.");
    }
}

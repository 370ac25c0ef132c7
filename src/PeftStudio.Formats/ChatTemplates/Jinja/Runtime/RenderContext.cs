using System.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

/// <summary>State of one rendering: variables, output, costs, clock.</summary>
internal sealed class RenderContext
{
    private readonly Dictionary<string, object?> variables;
    private readonly Dictionary<string, object?> exported = new(StringComparer.Ordinal);
    private readonly StringBuilder root = new();
    private StringBuilder output;
    private Dictionary<string, object?> locals = [];

    internal RenderContext(Meter meter, Dictionary<string, object?> variables, TimeProvider clock)
    {
        Meter = meter;
        Clock = clock;
        this.variables = variables;
        output = root;
    }

    internal Meter Meter { get; }

    internal TimeProvider Clock { get; }

    /// <summary>Line of the statement or expression at work, for errors.</summary>
    internal int Line { get; set; }

    /// <summary>Whether printed values are escaped: only inside <c>{% autoescape true %}</c>.</summary>
    internal bool AutoEscape { get; set; }

    /// <summary>Blocks of the template by name.</summary>
    internal Dictionary<string, Tree.BlockStatement> Blocks { get; init; } = [];

    /// <summary>Parts of the output that came from <c>{% generation %}</c>, in UTF-16 units.</summary>
    internal List<ChatTextSpan> GenerationSpans { get; } = [];

    /// <summary>For <c>random</c>: the same choice in every rendering, so that a prompt can be made again.</summary>
    internal Random Random { get; } = new(0);

    /// <summary>Units written so far outside macros and other captured parts.</summary>
    internal int RootLength => root.Length;

    internal string Text => root.ToString();

    /// <summary>Value of a name as a frame finds it on entry: set at the top level, given to the rendering, or missing.</summary>
    internal object? Resolve(string name)
    {
        if (locals.Count > 0 && locals.TryGetValue(name, out var value)) return value;
        if (exported.Count > 0 && exported.TryGetValue(name, out value)) return value;
        return variables.TryGetValue(name, out value) ? value : Missing.Value;
    }

    /// <summary>Keeps a name that was set at the top level, for blocks.</summary>
    internal void Export(string name, object? value) => exported[name] = value;

    /// <summary>Shows a block the names around it until <see cref="EndLocals"/>; returns what must be given back to it.</summary>
    internal Dictionary<string, object?> BeginLocals(Dictionary<string, object?> names)
    {
        var outer = locals;
        locals = names;
        return outer;
    }

    internal void EndLocals(Dictionary<string, object?> outer) => locals = outer;

    internal void Write(string text)
    {
        if (text.Length == 0) return;
        Meter.Read(text.Length);
        if ((long)output.Length + text.Length > Meter.MaxCharacters) Meter.Make((long)output.Length + text.Length);
        output.Append(text);
    }

    /// <summary>Catches what is written until <see cref="EndCapture"/>; returns what must be given back to it.</summary>
    internal StringBuilder BeginCapture()
    {
        var outer = output;
        output = new StringBuilder();
        return outer;
    }

    internal string EndCapture(StringBuilder outer)
    {
        var text = output.ToString();
        output = outer;
        return text;
    }
}

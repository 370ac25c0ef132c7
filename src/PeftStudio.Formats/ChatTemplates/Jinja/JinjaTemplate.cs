using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Library;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Syntax;
using PeftStudio.Formats.ChatTemplates.Jinja.Tree;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja;

/// <summary>A parsed and bound template. Fixed once made: any number of threads may render it.</summary>
internal sealed class JinjaTemplate
{
    private readonly Statement[] body;
    private readonly FrameLayout layout;
    private readonly int? selfSlot;
    private readonly Dictionary<string, BlockStatement> blocks = new(StringComparer.Ordinal);

    private JinjaTemplate(Statement[] body, bool hasGeneration)
    {
        this.body = body;
        HasGeneration = hasGeneration;
        var symbols = new Symbols();
        if (NameSearch.Reads(body, "self")) selfSlot = symbols.Parameter("self");
        Node.DeclareAll(body, symbols);
        Node.BindAll(body, new Scope(symbols) { TopLevel = true, BlockNames = new(StringComparer.Ordinal) });
        layout = symbols.Seal();
        foreach (var block in NameSearch.Blocks(body)) blocks[block.Name] = block;
    }

    /// <summary>Whether the template marks what the assistant wrote.</summary>
    internal bool HasGeneration { get; }

    /// <summary>Parses a template.</summary>
    /// <exception cref="JinjaError">The text is not Jinja, or beyond the limits.</exception>
    internal static JinjaTemplate Parse(string source, ChatTemplateLimits limits)
    {
        if (source.Length > limits.MaxSourceCharacters)
        {
            throw JinjaError.Limit($"a template of {source.Length} characters, more than {limits.MaxSourceCharacters} (MaxSourceCharacters)");
        }

        var (body, hasGeneration) = Parser.Parse(source, limits.MaxDepth);
        return new JinjaTemplate(body, hasGeneration);
    }

    /// <summary>Renders with these variables besides the functions that every template has.</summary>
    /// <exception cref="JinjaError">Whatever went wrong, with its line.</exception>
    internal RenderContext Render(Meter meter, IEnumerable<KeyValuePair<string, object?>> variables, TimeProvider clock)
    {
        var names = new Dictionary<string, object?>(Globals.All, StringComparer.Ordinal);
        foreach (var (name, value) in variables) names[name] = value;
        var context = new RenderContext(meter, names, clock) { Blocks = blocks };
        try
        {
            var frame = new Frame(context, layout, null);
            if (selfSlot is { } self) frame[self] = TemplateReference.Instance;
            Statement.Run(body, frame);
        }
        catch (JinjaError error) when (error.Line == 0 && context.Line > 0)
        {
            throw new JinjaError(error.Kind, error.Message, context.Line);
        }

        return context;
    }
}

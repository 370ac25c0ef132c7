using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>The variable <c>self</c>: the template's blocks, to print them again.</summary>
internal sealed class TemplateReference() : Callable("TemplateReference")
{
    internal static TemplateReference Instance { get; } = new();

    internal override object? Call(RenderContext context, Arguments arguments) =>
        throw JinjaError.Python("'TemplateReference' object is not callable");

    internal override object? Attribute(RenderContext context, string name) => Block(context, name);

    internal override string Print(Meter meter) => "<TemplateReference None>";

    /// <summary>A block as something to call, or <see cref="Missing.Value"/>.</summary>
    internal static object Block(RenderContext context, string name)
    {
        if (!context.Blocks.TryGetValue(name, out var block)) return Missing.Value;
        return new Function(name, (caller, arguments) =>
        {
            arguments.ExpectNone(name);
            var outer = caller.BeginCapture();
            block.Print(caller, []);
            var text = caller.EndCapture(outer);
            return caller.AutoEscape ? new Markup(text) : text;
        });
    }
}

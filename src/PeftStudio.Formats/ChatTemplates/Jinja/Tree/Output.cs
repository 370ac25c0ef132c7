using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Text;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary>Template text and printed values in a row.</summary>
internal sealed class OutputStatement(Expression[] parts, int line) : Statement(line)
{
    private EscapeMode escape;

    internal override IEnumerable<Node> Children => parts;

    internal override void Bind(Scope scope)
    {
        base.Bind(scope);
        escape = scope.Escape;
    }

    internal override Flow Execute(Frame frame)
    {
        var context = frame.Context;
        foreach (var part in parts)
        {
            if (part is TextExpression text)
            {
                context.Write(text.Text);
                continue;
            }

            context.Line = part.Line;
            var value = part.Evaluate(frame);
            context.Write(escape == EscapeMode.On || (escape == EscapeMode.Dynamic && context.AutoEscape)
                ? HtmlText.Escape(value, context.Meter).Text
                : PyText.Str(value, context.Meter));
        }

        return Flow.Next;
    }
}

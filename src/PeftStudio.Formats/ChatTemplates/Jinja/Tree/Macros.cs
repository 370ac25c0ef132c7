using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary><c>macro name(…)</c>.</summary>
internal sealed class MacroStatement(string name, MacroBody body, int line) : Statement(line)
{
    private readonly NameTarget target = new(name, line) { IsParameter = true };

    internal override IEnumerable<Node> Children => body.Children;

    internal override void Declare(Symbols symbols) => target.Declare(symbols);

    internal override void Bind(Scope scope)
    {
        body.Bind(scope);
        target.Bind(scope);
    }

    internal override Flow Execute(Frame frame)
    {
        target.Assign(frame, new Macro(name, body, frame));
        return Flow.Next;
    }
}

/// <summary><c>call(…) macro(…)</c> … <c>endcall</c>: the block is the macro's <c>caller</c>.</summary>
internal sealed class CallBlockStatement(CallExpression call, MacroBody body, int line) : Statement(line)
{
    internal override IEnumerable<Node> Children => body.Children.Prepend(call);

    internal override void Declare(Symbols symbols) => call.Declare(symbols);

    internal override void Bind(Scope scope)
    {
        body.Bind(scope);
        call.Bind(scope);
    }

    internal override Flow Execute(Frame frame)
    {
        var value = call.Evaluate(frame, new Macro(null, body, frame));
        frame.Context.Write(PyText.Str(value, frame.Context.Meter));
        return Flow.Next;
    }
}

/// <summary>
/// <c>generation</c> … <c>endgeneration</c>: text that the assistant wrote. Its place is counted in what the template has written so far
/// outside of macros and other captured text, as transformers does.
/// </summary>
internal sealed class GenerationStatement(MacroBody body, int line) : Statement(line)
{
    internal override IEnumerable<Node> Children => body.Children;

    internal override void Declare(Symbols symbols)
    {
    }

    internal override void Bind(Scope scope) => body.Bind(scope);

    internal override Flow Execute(Frame frame)
    {
        var context = frame.Context;
        var text = PyText.Str(new Macro(null, body, frame).Call(context, Arguments.None), context.Meter);
        context.GenerationSpans.Add(new ChatTextSpan(context.RootLength, context.RootLength + text.Length));
        context.Write(text);
        return Flow.Next;
    }
}

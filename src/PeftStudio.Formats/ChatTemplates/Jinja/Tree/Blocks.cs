using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Formatting;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary><c>filter name</c> … <c>endfilter</c>: the block's text through filters.</summary>
internal sealed class FilterBlockStatement(FilterExpression filter, Statement[] body, int line) : Statement(line)
{
    private FrameLayout layout = new();

    internal override IEnumerable<Node> Children => [.. body, filter];

    internal override void Declare(Symbols symbols) => filter.Declare(symbols);

    internal override void Bind(Scope scope)
    {
        var inner = new Symbols(scope.Symbols);
        DeclareAll(Children, inner);
        BindAll(Children, scope.Inner(inner));
        layout = inner.Seal();
    }

    internal override Flow Execute(Frame frame)
    {
        var context = frame.Context;
        var block = new Frame(context, layout, frame);
        var outer = context.BeginCapture();
        var flow = Run(body, block);
        var text = context.EndCapture(outer);
        if (flow != Flow.Next) return flow;
        var value = filter.EvaluateBlock(block, context.AutoEscape ? new Markup(text) : text);
        context.Write(PyText.Str(value, context.Meter));
        return Flow.Next;
    }
}

/// <summary><c>autoescape condition</c> … <c>endautoescape</c>.</summary>
internal sealed class AutoEscapeStatement(Expression condition, Statement[] body, int line) : Statement(line)
{
    private FrameLayout layout = new();

    internal override IEnumerable<Node> Children => [condition, .. body];

    internal override void Declare(Symbols symbols)
    {
    }

    internal override void Bind(Scope scope)
    {
        var inner = new Symbols(scope.Symbols);
        DeclareAll(Children, inner);
        var within = scope.Inner(inner);
        condition.Bind(within);
        var escape = condition is not ConstantExpression { Value: var value } ? EscapeMode.Dynamic
            : Iterating.IsTrue(value) ? EscapeMode.On : EscapeMode.Off;
        BindAll(body, within with { Escape = escape });
        layout = inner.Seal();
    }

    internal override Flow Execute(Frame frame)
    {
        var context = frame.Context;
        var inner = new Frame(context, layout, frame);
        var before = context.AutoEscape;
        context.AutoEscape = Iterating.IsTrue(condition.Evaluate(inner));
        var flow = Run(body, inner);
        context.AutoEscape = before;
        return flow;
    }
}

/// <summary><c>block name</c>: without templates to extend, a part that <c>self.name()</c> can print again. It sees no local names.</summary>
internal sealed class BlockStatement(string name, bool scoped, bool required, Statement[] body, int line) : Statement(line)
{
    private readonly List<KeyValuePair<string, SlotReference>> visible = [];
    private FrameLayout layout = new();
    private int? selfSlot;
    private int? superSlot;

    internal string Name { get; } = name;

    /// <summary>Whether the block sees the names set around it.</summary>
    internal bool IsScoped { get; } = scoped;

    internal override IEnumerable<Node> Children => body;

    internal override void Declare(Symbols symbols)
    {
    }

    internal override void Bind(Scope scope)
    {
        if (!scope.BlockNames.Add(Name)) throw JinjaError.Syntax($"block '{Name}' defined twice", Line);
        if (IsScoped) CollectVisible(scope.Symbols);
        var own = new Symbols();
        if (NameSearch.Reads(body, "self")) selfSlot = own.Parameter("self");
        if (NameSearch.Reads(body, "super")) superSlot = own.Parameter("super");
        DeclareAll(body, own);
        BindAll(body, scope.Inner(own, inLoop: false) with { Escape = EscapeMode.Off });
        layout = own.Seal();
    }

    internal override Flow Execute(Frame frame)
    {
        if (required) throw JinjaError.Template($"Required block '{Name}' not found");
        var locals = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (visibleName, reference) in visible)
        {
            var value = frame[reference];
            if (!Missing.Is(value)) locals[visibleName] = value;
        }

        Print(frame.Context, locals);
        return Flow.Next;
    }

    /// <summary>Prints the block with these names besides those of the context.</summary>
    internal void Print(RenderContext context, Dictionary<string, object?> locals)
    {
        context.Meter.Enter();
        var outer = context.BeginLocals(locals);
        var frame = new Frame(context, layout, null);
        if (selfSlot is { } self) frame[self] = TemplateReference.Instance;
        if (superSlot is { } super) frame[super] = new Undefined($"there is no parent block called '{Name}'.");
        Run(body, frame);
        context.EndLocals(outer);
        context.Meter.Leave();
    }

    private void CollectVisible(Symbols symbols)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = symbols; at is not null; at = at.Parent)
        {
            foreach (var stored in at.Stores.Where(seen.Add)) visible.Add(new(stored, symbols.Find(stored)!.Value));
        }
    }
}

using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary>
/// Parameters and statements of a macro, a call block or a generation block. The special names <c>caller</c>, <c>varargs</c> and
/// <c>kwargs</c> are parameters when the body reads them.
/// </summary>
internal sealed class MacroBody(NameTarget[] parameters, Expression[] defaults, Statement[] body, int line)
{
    private readonly List<int> slots = [];
    private FrameLayout layout = new();
    private int? caller;
    private int? keywords;
    private int? surplus;

    /// <summary>Names of the parameters.</summary>
    internal string[] Names { get; } = Array.ConvertAll(parameters, static parameter => parameter.Name);

    internal bool TakesCaller => caller is not null;

    internal bool TakesKeywords => keywords is not null;

    internal bool TakesSurplus => surplus is not null;

    internal IEnumerable<Node> Children => [.. parameters, .. defaults, .. body];

    internal void Bind(Scope scope)
    {
        var symbols = new Symbols(scope.Symbols);
        foreach (var name in Names) slots.Add(symbols.Parameter(name));
        Node.DeclareAll(defaults, symbols);
        if (NameSearch.Reads(body, "caller")) BindCaller(symbols);
        if (!Names.Contains("kwargs") && NameSearch.Reads(body, "kwargs")) keywords = symbols.Parameter("kwargs");
        if (!Names.Contains("varargs") && NameSearch.Reads(body, "varargs")) surplus = symbols.Parameter("varargs");
        Node.DeclareAll(body, symbols);
        var inner = scope.Inner(symbols, inLoop: false);
        Node.BindAll(defaults, inner);
        Node.BindAll(body, inner);
        layout = symbols.Seal();
    }

    /// <summary>Runs the body with its parameters filled in and returns its text.</summary>
    internal string Run(RenderContext context, Frame definition, object?[] values, object? callerValue, PyDict? keywordValues, PyTuple? surplusValues)
    {
        context.Meter.Enter();
        var frame = new Frame(context, layout, definition);
        for (var i = 0; i < slots.Count; i++) frame[slots[i]] = values[i];
        if (caller is { } callerSlot) frame[callerSlot] = callerValue;
        if (keywords is { } keywordSlot) frame[keywordSlot] = keywordValues;
        if (surplus is { } surplusSlot) frame[surplusSlot] = surplusValues;
        var outer = context.BeginCapture();
        FillDefaults(frame, values);
        Statement.Run(body, frame);
        var text = context.EndCapture(outer);
        context.Meter.Leave();
        return text;
    }

    private void BindCaller(Symbols symbols)
    {
        var index = Array.IndexOf(Names, "caller");
        if (index < 0)
        {
            caller = symbols.Parameter("caller");
        }
        else if (index < Names.Length - defaults.Length)
        {
            throw JinjaError.Syntax(
                "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.", line);
        }
    }

    private void FillDefaults(Frame frame, object?[] values)
    {
        for (var i = 0; i < slots.Count; i++)
        {
            if (!Missing.Is(values[i])) continue;
            var index = i - (slots.Count - defaults.Length);
            frame[slots[i]] = index >= 0 ? defaults[index].Evaluate(frame) : new Undefined($"parameter '{Names[i]}' was not provided");
        }
    }
}

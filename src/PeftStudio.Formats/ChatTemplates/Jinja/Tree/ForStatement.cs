using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary><c>for</c>, with its filter, its <c>else</c> and its recursive form. Every round has a frame of its own.</summary>
internal sealed class ForStatement(
    Target target, Expression iterable, Expression? test, bool recursive, Statement[] body, Statement[] otherwise, int line) : Statement(line)
{
    private FrameLayout roundLayout = new();
    private FrameLayout testLayout = new();
    private FrameLayout elseLayout = new();
    private int? loopSlot;

    internal override IEnumerable<Node> Children
    {
        get
        {
            yield return target;
            yield return iterable;
            foreach (var statement in body) yield return statement;
            foreach (var statement in otherwise) yield return statement;
            if (test is not null) yield return test;
        }
    }

    /// <summary>The outer frame sees only what is looped over.</summary>
    internal override void Declare(Symbols symbols) => iterable.Declare(symbols);

    internal override void Bind(Scope scope)
    {
        NameSearch.RefuseStore(this, "loop");
        iterable.Bind(scope);

        // The target is the first to be declared in the round and in the test, so that one slot serves in both.
        var filter = new Symbols(scope.Symbols);
        target.DeclareParameters(filter);
        test?.Declare(filter);
        test?.Bind(scope.Inner(filter, inLoop: false));
        testLayout = filter.Seal();

        var round = new Symbols(scope.Symbols);
        target.DeclareParameters(round);
        if (recursive || NameSearch.Reads(body, "loop") || NameSearch.HasScopedBlock(body)) loopSlot = round.Parameter("loop");
        DeclareAll(body, round);
        var inner = scope.Inner(round, inLoop: true);
        target.Bind(inner);
        BindAll(body, inner);
        roundLayout = round.Seal();

        var last = new Symbols(scope.Symbols);
        DeclareAll(otherwise, last);
        BindAll(otherwise, scope.Inner(last, inLoop: scope.InLoop && !recursive));
        elseLayout = last.Seal();
    }

    internal override Flow Execute(Frame frame)
    {
        var values = iterable.Evaluate(frame);
        if (!recursive) return Loop(frame, values, null, 0);
        frame.Context.Write(Markup.TextOf(Recurse(frame, values, 0))!);
        return Flow.Next;
    }

    /// <summary>One level of a recursive loop: its text.</summary>
    private object Recurse(Frame frame, object? values, int depth)
    {
        var context = frame.Context;
        context.Meter.Enter();
        var outer = context.BeginCapture();
        Loop(frame, values, (inner, level) => Recurse(frame, inner, level), depth);
        var text = context.EndCapture(outer);
        context.Meter.Leave();
        return context.AutoEscape ? new Markup(text) : text;
    }

    private Flow Loop(Frame frame, object? values, Func<object?, int, object>? recurse, int depth)
    {
        var meter = frame.Context.Meter;
        var items = Iterating.Over(values, meter);
        if (test is not null) items = Filtered(frame, items);
        var loop = loopSlot is null ? null : new LoopContext(items, test is null ? Iterating.LengthOf(values, meter) : null, recurse, depth, meter);
        var completed = false;
        while (loop?.MoveNext() ?? items.MoveNext())
        {
            var round = new Frame(frame.Context, roundLayout, frame);
            target.Assign(round, loop is null ? items.Current : loop.Current);
            if (loopSlot is { } slot) round[slot] = loop;
            var flow = Run(body, round);

            // As in Jinja, a round that was left early does not count: then "else" runs as if there had been none.
            if (flow == Flow.Next) completed = true;
            if (flow == Flow.Break) break;
        }

        return completed || otherwise.Length == 0 ? Flow.Next : Run(otherwise, new Frame(frame.Context, elseLayout, frame));
    }

    /// <summary>The items that pass the test, each tested when its turn comes.</summary>
    private IEnumerator<object?> Filtered(Frame frame, IEnumerator<object?> items)
    {
        var tested = new Frame(frame.Context, testLayout, frame);
        while (items.MoveNext())
        {
            target.Assign(tested, items.Current);
            if (Iterating.IsTrue(test!.Evaluate(tested))) yield return items.Current;
        }
    }
}

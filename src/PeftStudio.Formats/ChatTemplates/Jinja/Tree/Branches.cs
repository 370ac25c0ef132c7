using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary><c>if</c> with all its <c>elif</c> branches, and <c>else</c>. Branches have no frame of their own.</summary>
internal sealed class IfStatement(KeyValuePair<Expression, Statement[]>[] branches, Statement[] otherwise, int line) : Statement(line)
{
    internal override IEnumerable<Node> Children
    {
        get
        {
            foreach (var (test, body) in branches)
            {
                yield return test;
                foreach (var statement in body) yield return statement;
            }

            foreach (var statement in otherwise) yield return statement;
        }
    }

    internal override void Declare(Symbols symbols)
    {
        branches[0].Key.Declare(symbols);
        var (first, others, last) = (symbols.Branch(), symbols.Branch(), symbols.Branch());
        DeclareAll(branches[0].Value, first);
        foreach (var (test, body) in branches.AsSpan(1)) DeclareElif(test, body, others);
        DeclareAll(otherwise, last);
        symbols.Join(first, others, last);
    }

    internal override void Bind(Scope scope) => base.Bind(scope.Branch());

    internal override Flow Execute(Frame frame)
    {
        foreach (var (test, body) in branches)
        {
            frame.Context.Line = test.Line;
            if (Iterating.IsTrue(test.Evaluate(frame))) return Run(body, frame);
        }

        return Run(otherwise, frame);
    }

    /// <summary>An <c>elif</c> declares like an <c>if</c> of its own with one branch.</summary>
    private static void DeclareElif(Expression test, Statement[] body, Symbols symbols)
    {
        test.Declare(symbols);
        var branch = symbols.Branch();
        DeclareAll(body, branch);
        symbols.Join(branch);
    }
}

/// <summary><c>break</c> and <c>continue</c>.</summary>
internal sealed class LeaveStatement(Flow flow, int line) : Statement(line)
{
    internal override IEnumerable<Node> Children => [];

    internal override void Bind(Scope scope)
    {
        if (!scope.InLoop) throw JinjaError.Syntax(flow == Flow.Break ? "'break' outside loop" : "'continue' not properly in loop", Line);
    }

    internal override Flow Execute(Frame frame) => flow;
}

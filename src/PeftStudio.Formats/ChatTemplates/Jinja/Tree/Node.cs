using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary>
/// A part of a template. After parsing, each frame's names are declared (<see cref="Declare"/>), then every node is bound to its frame
/// (<see cref="Bind"/>) once; from then on the tree is fixed and any number of renderings may walk it at the same time.
/// </summary>
internal abstract class Node(int line)
{
    /// <summary>Where it begins in the template, from 1.</summary>
    internal int Line { get; } = line;

    /// <summary>Parts, in the order of Jinja's own tree.</summary>
    internal abstract IEnumerable<Node> Children { get; }

    /// <summary>Notes the names that this node reads and sets in the frame it stands in.</summary>
    internal virtual void Declare(Symbols symbols)
    {
        foreach (var child in Children) child.Declare(symbols);
    }

    /// <summary>Finds the slots of its names.</summary>
    internal virtual void Bind(Scope scope)
    {
        foreach (var child in Children) child.Bind(scope);
    }

    internal static void DeclareAll(IEnumerable<Node> nodes, Symbols symbols)
    {
        foreach (var node in nodes) node.Declare(symbols);
    }

    internal static void BindAll(IEnumerable<Node> nodes, Scope scope)
    {
        foreach (var node in nodes) node.Bind(scope);
    }
}

/// <summary>A part that has a value.</summary>
internal abstract class Expression(int line) : Node(line)
{
    internal abstract object? Evaluate(Frame frame);
}

/// <summary>A part that does something.</summary>
internal abstract class Statement(int line) : Node(line)
{
    internal abstract Flow Execute(Frame frame);

    /// <summary>Runs statements one after the other until one leaves a loop.</summary>
    internal static Flow Run(Statement[] body, Frame frame)
    {
        foreach (var statement in body)
        {
            frame.Context.Meter.Step();
            frame.Context.Line = statement.Line;
            var flow = statement.Execute(frame);
            if (flow != Flow.Next) return flow;
        }

        return Flow.Next;
    }
}

/// <summary>How a statement ends.</summary>
internal enum Flow
{
    /// <summary>The next statement follows.</summary>
    Next,

    /// <summary>The loop ends.</summary>
    Break,

    /// <summary>The loop's next round begins.</summary>
    Continue,
}

using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Tree;

/// <summary>Looks for special names in parts of a template: <c>loop</c>, <c>caller</c>, <c>varargs</c>, <c>kwargs</c>, <c>self</c>.</summary>
internal static class NameSearch
{
    /// <summary>Whether a name is read before anything sets it; blocks, which have names of their own, are passed over.</summary>
    internal static bool Reads(IEnumerable<Node> nodes, string name)
    {
        foreach (var node in nodes.SelectMany(static root => Walk(root, intoBlocks: false)))
        {
            switch (node)
            {
                case NameExpression read when read.Name == name: return true;
                case NameTarget set when set.Name == name: return false;
            }
        }

        return false;
    }

    internal static bool HasScopedBlock(IEnumerable<Node> nodes) =>
        nodes.SelectMany(static root => Walk(root, intoBlocks: true)).Any(static node => node is BlockStatement { IsScoped: true });

    internal static IEnumerable<BlockStatement> Blocks(IEnumerable<Node> nodes) =>
        nodes.SelectMany(static root => Walk(root, intoBlocks: true)).OfType<BlockStatement>();

    /// <summary>Fails where a name is set anywhere inside.</summary>
    internal static void RefuseStore(Node root, string name)
    {
        if (Walk(root, intoBlocks: true).OfType<NameTarget>().FirstOrDefault(target => target.Name == name && !target.IsParameter) is { } target)
        {
            throw JinjaError.Syntax($"Can't assign to special {name} variable in for-loop target", target.Line);
        }
    }

    /// <summary>A node and all below it, each before its parts; without recursion, as deep trees come from strangers.</summary>
    private static IEnumerable<Node> Walk(Node root, bool intoBlocks)
    {
        var waiting = new Stack<Node>();
        waiting.Push(root);
        while (waiting.TryPop(out var node))
        {
            yield return node;
            if (node is BlockStatement && !intoBlocks) continue;
            foreach (var child in node.Children.Reverse()) waiting.Push(child);
        }
    }
}

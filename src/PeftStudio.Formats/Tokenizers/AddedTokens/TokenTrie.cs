using System.Buffers;

namespace PeftStudio.Formats.Tokenizers.AddedTokens;

/// <summary>Finds the contents of added tokens in a text: leftmost, and among those that begin there the longest.</summary>
internal sealed class TokenTrie
{
    private readonly Node _root = new();
    private readonly SearchValues<char> _firstChars;

    internal TokenTrie(IEnumerable<(string Content, AddedToken Token)> contents)
    {
        foreach (var (content, token) in contents)
        {
            if (content.Length == 0) continue;
            var node = _root;
            foreach (var unit in content)
            {
                if (!node.Children.TryGetValue(unit, out var child)) node.Children[unit] = child = new Node();
                node = child;
            }

            node.Token ??= token;
        }

        _firstChars = SearchValues.Create([.. _root.Children.Keys]);
    }

    internal bool IsEmpty => _root.Children.Count == 0;

    /// <summary>The next match at or behind <paramref name="from"/>.</summary>
    internal bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end, out AddedToken token)
    {
        while (true)
        {
            var skipped = text[from..].IndexOfAny(_firstChars);
            if (skipped < 0) break;
            start = from + skipped;
            if (Longest(text, start, out end, out token)) return true;
            from = start + 1;
        }

        start = end = text.Length;
        token = null!;
        return false;
    }

    private bool Longest(ReadOnlySpan<char> text, int start, out int end, out AddedToken token)
    {
        AddedToken? best = null;
        end = start;
        var node = _root;
        for (var i = start; i < text.Length && node.Children.TryGetValue(text[i], out node!); i++)
        {
            if (node.Token is null) continue;
            best = node.Token;
            end = i + 1;
        }

        token = best!;
        return best is not null;
    }

    private sealed class Node
    {
        internal Dictionary<char, Node> Children { get; } = [];

        internal AddedToken? Token { get; set; }
    }
}

using System.Numerics;

namespace PeftStudio.Formats.Tokenizers.Text;

/// <summary>A trie over UTF-16 units in one flat hash table: (node, unit) to node. Each node may carry a value.</summary>
internal sealed class TextTrie
{
    internal const int Root = 0;

    /// <summary>What a node without a value carries, and what <see cref="Step"/> gives where there is no way on.</summary>
    internal const int None = -1;

    private ulong[] _keys = new ulong[64];
    private int[] _nodes = new int[64];
    private int[] _values = [None];
    private int _count;

    /// <summary>Stores a value at a text; a later one for the same text wins.</summary>
    internal void Add(ReadOnlySpan<char> text, int value)
    {
        var node = Root;
        foreach (var unit in text) node = StepOrAdd(node, unit);
        _values[node] = value;
    }

    /// <summary>The node behind <paramref name="node"/> by one unit, or <see cref="None"/>.</summary>
    internal int Step(int node, char unit)
    {
        var key = Key(node, unit);
        var mask = _keys.Length - 1;
        for (var i = Slot(key); _keys[i] != 0; i = (i + 1) & mask)
        {
            if (_keys[i] == key) return _nodes[i];
        }

        return None;
    }

    internal int ValueOf(int node) => _values[node];

    /// <summary>The longest stored text that <paramref name="text"/> begins with.</summary>
    internal int Longest(ReadOnlySpan<char> text, out int length)
    {
        var (node, found) = (Root, None);
        length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            node = Step(node, text[i]);
            if (node == None) break;
            if (_values[node] == None) continue;
            found = _values[node];
            length = i + 1;
        }

        return found;
    }

    private static ulong Key(int node, char unit) => ((ulong)(uint)node << 17) | ((ulong)unit << 1) | 1;

    private int Slot(ulong key) => (int)((key * 0x9E3779B97F4A7C15UL) >> (64 - BitOperations.Log2((uint)_keys.Length)));

    private int StepOrAdd(int node, char unit)
    {
        var next = Step(node, unit);
        if (next != None) return next;
        if ((_count + 1) * 2 > _keys.Length) Grow();
        if (++_count >= _values.Length) Array.Resize(ref _values, _values.Length * 2);
        _values[_count] = None;
        Insert(Key(node, unit), _count);
        return _count;
    }

    private void Insert(ulong key, int node)
    {
        var mask = _keys.Length - 1;
        var i = Slot(key);
        while (_keys[i] != 0) i = (i + 1) & mask;
        _keys[i] = key;
        _nodes[i] = node;
    }

    private void Grow()
    {
        var (keys, nodes) = (_keys, _nodes);
        _keys = new ulong[keys.Length * 2];
        _nodes = new int[keys.Length * 2];
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != 0) Insert(keys[i], nodes[i]);
        }
    }
}

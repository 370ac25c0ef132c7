using System.Buffers;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>A binary heap of (rank, position) packed into one number, so that the lowest rank comes first and among equals the leftmost.</summary>
internal sealed class RankHeap : IDisposable
{
    private ulong[] _items;
    private int _count;

    internal RankHeap(int capacity) => _items = ArrayPool<ulong>.Shared.Rent(Math.Max(16, capacity));

    /// <summary>Adds an item without order; <see cref="Order"/> must follow before the first <see cref="TryPop"/>.</summary>
    internal void Append(int rank, int position) => _items[_count++] = Pack(rank, position);

    /// <summary>Makes a heap of what was appended, in linear time.</summary>
    internal void Order()
    {
        for (var i = (_count / 2) - 1; i >= 0; i--) SiftDown(i);
    }

    internal void Push(int rank, int position)
    {
        if (_count == _items.Length) Grow();
        var item = Pack(rank, position);
        var i = _count++;
        while (i > 0)
        {
            var parent = (i - 1) / 2;
            if (_items[parent] <= item) break;
            _items[i] = _items[parent];
            i = parent;
        }

        _items[i] = item;
    }

    internal bool TryPop(out int rank, out int position)
    {
        if (_count == 0)
        {
            rank = position = 0;
            return false;
        }

        var top = _items[0];
        _items[0] = _items[--_count];
        if (_count > 1) SiftDown(0);
        rank = (int)(top >> 32);
        position = (int)(uint)top;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_items);
        _items = [];
        _count = 0;
    }

    private static ulong Pack(int rank, int position) => ((ulong)(uint)rank << 32) | (uint)position;

    private void SiftDown(int i)
    {
        var item = _items[i];
        while (true)
        {
            var child = (2 * i) + 1;
            if (child >= _count) break;
            if (child + 1 < _count && _items[child + 1] < _items[child]) child++;
            if (_items[child] >= item) break;
            _items[i] = _items[child];
            i = child;
        }

        _items[i] = item;
    }

    private void Grow()
    {
        var larger = ArrayPool<ulong>.Shared.Rent(checked(_items.Length * 2));
        _items.AsSpan(0, _count).CopyTo(larger);
        ArrayPool<ulong>.Shared.Return(_items);
        _items = larger;
    }
}

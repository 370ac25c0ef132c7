using System.Buffers;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>Symbols of one piece before and after merging: ids, and where the text of each ends, in UTF-8 bytes. Uses the shared pool.</summary>
internal struct SymbolList : IDisposable
{
    private int[] _ids;
    private int[] _ends;
    private int _end;

    internal SymbolList(int capacity)
    {
        _ids = ArrayPool<int>.Shared.Rent(Math.Max(16, capacity));
        _ends = ArrayPool<int>.Shared.Rent(_ids.Length);
    }

    internal int Count { get; private set; }

    internal readonly ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    internal readonly ReadOnlySpan<int> Ends => _ends.AsSpan(0, Count);

    /// <summary>Appends a symbol.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="bytes">Length of its text in UTF-8.</param>
    internal void Add(int id, int bytes)
    {
        if (Count == _ids.Length || Count == _ends.Length) Grow();
        _ids[Count] = id;
        _ends[Count++] = _end += bytes;
    }

    internal void Merge(MergeTable merges) => Count = SymbolMerger.Merge(_ids.AsSpan(0, Count), _ends.AsSpan(0, Count), merges);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_ids);
        ArrayPool<int>.Shared.Return(_ends);
        this = default;
    }

    private void Grow()
    {
        var ids = ArrayPool<int>.Shared.Rent(checked(Count * 2));
        var ends = ArrayPool<int>.Shared.Rent(checked(Count * 2));
        Ids.CopyTo(ids);
        Ends.CopyTo(ends);
        ArrayPool<int>.Shared.Return(_ids);
        ArrayPool<int>.Shared.Return(_ends);
        (_ids, _ends) = (ids, ends);
    }
}

namespace PeftStudio.Formats.Tokenizers.Text;

/// <summary>A growing list of ids.</summary>
internal sealed class IdBuffer
{
    private int[] _ids = new int[1024];

    internal int Count { get; private set; }

    internal ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Empties the list; a very large one is let go.</summary>
    internal void Clear()
    {
        Count = 0;
        if (_ids.Length > 1 << 20) _ids = new int[1024];
    }

    internal void Add(int id)
    {
        if (Count == _ids.Length) Grow(1);
        _ids[Count++] = id;
    }

    internal void Add(ReadOnlySpan<int> ids)
    {
        if (Count + ids.Length > _ids.Length) Grow(ids.Length);
        ids.CopyTo(_ids.AsSpan(Count));
        Count += ids.Length;
    }

    private void Grow(int more) => Array.Resize(ref _ids, (int)Math.Min(Array.MaxLength, Math.Max(Count + (long)more, _ids.Length * 2L)));
}

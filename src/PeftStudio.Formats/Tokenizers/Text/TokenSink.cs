namespace PeftStudio.Formats.Tokenizers.Text;

/// <summary>
/// Collects tokens as parallel arrays. Models give ranges within their piece; the pipeline moves them to the original text.
/// </summary>
internal sealed class TokenSink
{
    private int[] _ids = new int[64];
    private int[] _starts = new int[64];
    private int[] _ends = new int[64];
    private Dictionary<int, string>? _surfaces;

    internal int Count { get; private set; }

    internal Span<int> Ids => _ids.AsSpan(0, Count);

    internal Span<int> Starts => _starts.AsSpan(0, Count);

    internal Span<int> Ends => _ends.AsSpan(0, Count);

    /// <summary>Texts of tokens that show something else than their vocabulary entry, such as an unknown word.</summary>
    internal string? SurfaceOf(int index) => _surfaces?.GetValueOrDefault(index);

    internal void Clear()
    {
        Count = 0;
        _surfaces?.Clear();
    }

    internal void Add(int id, int start, int end)
    {
        if (Count == _ids.Length) Grow(Count + 1);
        _ids[Count] = id;
        _starts[Count] = start;
        _ends[Count] = end;
        Count++;
    }

    internal void Add(int id, int start, int end, string surface)
    {
        (_surfaces ??= [])[Count] = surface;
        Add(id, start, end);
    }

    /// <summary>Joins more text to the last token, which has a surface.</summary>
    internal void ExtendLast(int end, ReadOnlySpan<char> surface)
    {
        _ends[Count - 1] = end;
        _surfaces![Count - 1] += surface.ToString();
    }

    /// <summary>Forgets all tokens behind the first <paramref name="count"/>.</summary>
    internal void Truncate(int count)
    {
        for (var i = count; i < Count && _surfaces is not null; i++) _surfaces.Remove(i);
        Count = count;
    }

    private void Grow(int least)
    {
        var size = (int)Math.Min(Array.MaxLength, Math.Max(least, _ids.Length * 2L));
        Array.Resize(ref _ids, size);
        Array.Resize(ref _starts, size);
        Array.Resize(ref _ends, size);
    }
}

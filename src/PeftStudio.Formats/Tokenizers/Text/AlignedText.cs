namespace PeftStudio.Formats.Tokenizers.Text;

/// <summary>
/// A growing text whose every UTF-16 unit remembers the range of the original text it came from. Normalizers read one and write another.
/// All units of one code point share one range, so the unit of work (bytes, UTF-16, code points) never shows in a result.
/// </summary>
internal sealed class AlignedText
{
    private char[] _chars = [];
    private int[] _starts = [];
    private int[] _ends = [];
    private bool _tracked;

    /// <summary>Number of UTF-16 units.</summary>
    internal int Length { get; private set; }

    internal ReadOnlySpan<char> Chars => _chars.AsSpan(0, Length);

    /// <summary>Where the original text of unit <paramref name="index"/> begins; 0 when ranges are not tracked.</summary>
    internal int StartOf(int index) => _tracked ? _starts[index] : 0;

    /// <summary>Where the original text of unit <paramref name="index"/> ends; 0 when ranges are not tracked.</summary>
    internal int EndOf(int index) => _tracked ? _ends[index] : 0;

    /// <summary>Empties the text.</summary>
    /// <param name="track">Whether ranges will be wanted.</param>
    internal void Clear(bool track)
    {
        Length = 0;
        _tracked = track;
    }

    /// <summary>Appends a part of the original text, unchanged.</summary>
    /// <param name="text">The characters.</param>
    /// <param name="originalStart">Their index in the original text.</param>
    internal void AppendOriginal(ReadOnlySpan<char> text, int originalStart)
    {
        var at = Extend(text.Length);
        text.CopyTo(_chars.AsSpan(at));
        if (!_tracked) return;
        for (var i = 0; i < text.Length;)
        {
            var width = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1;
            for (var u = 0; u < width; u++)
            {
                _starts[at + i + u] = originalStart + i;
                _ends[at + i + u] = originalStart + i + width;
            }

            i += width;
        }
    }

    /// <summary>Appends units <paramref name="start"/> to <paramref name="end"/> of another text with their ranges.</summary>
    internal void AppendFrom(AlignedText source, int start, int end)
    {
        var at = Extend(end - start);
        source._chars.AsSpan(start, end - start).CopyTo(_chars.AsSpan(at));
        if (!_tracked) return;
        source._starts.AsSpan(start, end - start).CopyTo(_starts.AsSpan(at));
        source._ends.AsSpan(start, end - start).CopyTo(_ends.AsSpan(at));
    }

    /// <summary>Appends new characters that take the range of one unit of <paramref name="source"/>.</summary>
    /// <param name="text">The new characters.</param>
    /// <param name="source">The text being rewritten.</param>
    /// <param name="like">Index of that unit; −1 for the empty range at the beginning.</param>
    internal void AppendNew(ReadOnlySpan<char> text, AlignedText source, int like) => AppendNew(text, source, like, like);

    /// <summary>Appends new characters that take the range from one unit of <paramref name="source"/> to another.</summary>
    internal void AppendNew(ReadOnlySpan<char> text, AlignedText source, int first, int last)
    {
        var at = Extend(text.Length);
        text.CopyTo(_chars.AsSpan(at));
        if (!_tracked) return;
        var origin = source.Length > 0 ? source._starts[0] : 0;
        _starts.AsSpan(at, text.Length).Fill(first < 0 ? origin : source._starts[first]);
        _ends.AsSpan(at, text.Length).Fill(last < 0 ? origin : source._ends[last]);
    }

    /// <summary>Takes units off the end.</summary>
    internal void RemoveLast(int count) => Length -= count;

    private int Extend(int count)
    {
        var at = Length;
        Length = checked(at + count);
        if (Length > _chars.Length) Array.Resize(ref _chars, (int)Math.Min(Array.MaxLength, Math.Max(Length, _chars.Length * 2L)));
        if (_tracked && _starts.Length < Length)
        {
            Array.Resize(ref _starts, _chars.Length);
            Array.Resize(ref _ends, _chars.Length);
        }

        return at;
    }
}

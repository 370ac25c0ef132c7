using System.Text;

namespace PeftStudio.Formats.Tokenizers.Text;

/// <summary>
/// Rewrites a text character by character the way the reference implementation counts: each new character says whether it replaces one (0),
/// is inserted (above 0), or replaces one and removes so many behind it (below 0). That decides the range of the original it points at.
/// </summary>
internal ref struct TextTransform(AlignedText source, AlignedText target)
{
    private int _at;

    /// <summary>Passes over characters at the very beginning that have no successor.</summary>
    internal void Skip(int characters)
    {
        while (characters-- > 0) Advance();
    }

    /// <summary>Appends one character.</summary>
    internal void Put(int codePoint, int change)
    {
        Span<char> units = stackalloc char[2];
        var width = new Rune(codePoint).EncodeToUtf16(units);
        target.AppendNew(units[..width], source, change > 0 ? _at - 1 : Math.Min(_at, source.Length - 1));
        if (change > 0) return;
        for (var i = 0; i <= -change; i++) Advance();
    }

    private void Advance()
    {
        if (_at >= source.Length) return;
        Rune.DecodeFromUtf16(source.Chars[_at..], out _, out var width);
        _at += width;
    }
}

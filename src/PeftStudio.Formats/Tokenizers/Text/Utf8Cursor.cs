using System.Text;

namespace PeftStudio.Formats.Tokenizers.Text;

/// <summary>Turns growing UTF-8 byte positions of a text into UTF-16 indices, in one walk.</summary>
internal ref struct Utf8Cursor(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private readonly bool _ascii = Ascii.IsValid(text);
    private int _index;
    private int _width;
    private int _bytesEnd;

    /// <summary>Index of the character that holds byte <paramref name="position"/>; the end of the text for a position behind it.</summary>
    internal int StartOfCharacterAt(int position)
    {
        if (_ascii) return Math.Min(position, _text.Length);
        AdvanceTo(position);
        return _index;
    }

    /// <summary>Index behind the character that holds byte <paramref name="position"/>.</summary>
    internal int EndOfCharacterAt(int position)
    {
        if (_ascii) return Math.Min(position + 1, _text.Length);
        AdvanceTo(position);
        return _index + _width;
    }

    private void AdvanceTo(int position)
    {
        while (_bytesEnd <= position && _index + _width <= _text.Length)
        {
            _index += _width;
            if (_index == _text.Length)
            {
                _width = 0;
                return;
            }

            Rune.DecodeFromUtf16(_text[_index..], out var rune, out _width);
            _bytesEnd += rune.Utf8SequenceLength;
        }
    }
}

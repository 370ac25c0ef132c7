using System.Runtime.InteropServices;

namespace PeftStudio.Formats.Tokenizers.Pipeline;

/// <summary>
/// Streams any tokenizer by decoding a short window of ids again and again: the ids of the last piece of text stay as context for the next one.
/// </summary>
internal sealed class WindowStreamingDecoder(Tokenizer tokenizer, bool skipSpecialTokens) : StreamingDecoder
{
    /// <summary>A text that ends in U+FFFD is taken for half a character, but not for more tokens than a character has bytes.</summary>
    private const int LongestWait = 4;

    private readonly List<int> _ids = [];
    private string _given = "";
    private int _context;
    private int _waiting;

    /// <inheritdoc/>
    public override string Push(int id)
    {
        _ids.Add(id);
        var text = Text();
        if (text.EndsWith('\uFFFD') && ++_waiting < LongestWait) return "";
        return Give(text);
    }

    /// <inheritdoc/>
    public override string Flush()
    {
        var rest = _ids.Count == 0 ? "" : Give(Text());
        _ids.Clear();
        _given = "";
        _context = _waiting = 0;
        return rest;
    }

    private string Text() => tokenizer.Decode(CollectionsMarshal.AsSpan(_ids), skipSpecialTokens);

    private string Give(string text)
    {
        _waiting = 0;
        if (text.Length <= _given.Length) return "";
        var fresh = text[_given.Length..];
        _ids.RemoveRange(0, _context);
        _context = _ids.Count;
        _given = Text();
        return fresh;
    }
}

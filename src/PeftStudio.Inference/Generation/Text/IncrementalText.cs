using PeftStudio.Formats.Tokenizers;

namespace PeftStudio.Inference.Generation.Text;

/// <summary>
/// Text of growing ids, whole characters only. A few ids before are decoded along, since what a token's text is can depend on them;
/// what decodes to an unfinished character waits for the next ids.
/// </summary>
internal sealed class IncrementalText
{
    private const char Replacement = '\uFFFD';

    // Ids before the new ones that are decoded along.
    private const int Context = 6;

    // A character has at most four bytes: ids that end no character after more than this are no beginning of one.
    private const int LongestWait = 8;

    private readonly Tokenizer _tokenizer;
    private readonly List<int> _window;
    private int _told;

    /// <param name="tokenizer">Decodes.</param>
    /// <param name="before">Ids whose text is known already.</param>
    internal IncrementalText(Tokenizer tokenizer, ReadOnlySpan<int> before)
    {
        _tokenizer = tokenizer;
        _window = [.. before[^Math.Min(Context, before.Length)..]];
        _told = _window.Count;
    }

    /// <summary>Adds an id and returns the text that is complete with it; empty when there is none.</summary>
    internal string Add(int id)
    {
        _window.Add(id);
        return Tell(atEnd: _window.Count - _told > LongestWait);
    }

    /// <summary>The text that was waiting for more.</summary>
    internal string Finish() => Tell(atEnd: true);

    private string Tell(bool atEnd)
    {
        var ids = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_window);
        var known = _tokenizer.Decode(ids[.._told]);
        var all = _tokenizer.Decode(ids);
        if (!atEnd && (all.Length <= known.Length || all[^1] == Replacement)) return string.Empty;
        var text = all.Length > known.Length ? all[known.Length..] : string.Empty;
        if (_window.Count > 2 * Context) _window.RemoveRange(0, Math.Min(_told, _window.Count - Context));
        _told = _window.Count;
        return text;
    }
}

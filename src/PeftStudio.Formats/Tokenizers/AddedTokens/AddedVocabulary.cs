using PeftStudio.Formats.Tokenizers.Normalizers;
using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.AddedTokens;

/// <summary>A part of a text: plain, or one added token.</summary>
/// <param name="Start">First UTF-16 unit.</param>
/// <param name="End">The unit behind the last.</param>
/// <param name="Token">The token, or null for plain text.</param>
internal readonly record struct TextSegment(int Start, int End, AddedToken? Token);

/// <summary>All added tokens: those looked for in the text as it is, and those looked for in the normalised text.</summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<string, AddedToken> _byContent = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _byId = [];

    internal AddedVocabulary(IEnumerable<AddedToken> tokens, Normalizer? normalizer)
    {
        foreach (var token in tokens)
        {
            if (token.Content.Length == 0) continue;
            _byContent[token.Content] = token;
            _byId[token.Id] = token;
        }

        // Among tokens of one content the special one is found, as in the reference implementation.
        var ordered = _byContent.Values.OrderByDescending(t => t.Special).ToList();
        Raw = new TokenTrie(ordered.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        Normalized = new TokenTrie(ordered.Where(t => t.Normalized).Select(t => (normalizer?.Apply(t.Content) ?? t.Content, t)));
        Size = _byId.Count == 0 ? 0 : _byId.Keys.Max() + 1;
    }

    /// <summary>Tokens looked for in the text as it is.</summary>
    internal TokenTrie Raw { get; }

    /// <summary>Tokens looked for in the normalised text.</summary>
    internal TokenTrie Normalized { get; }

    /// <summary>The largest id plus one.</summary>
    internal int Size { get; }

    internal IReadOnlyCollection<AddedToken> Tokens => _byContent.Values;

    internal AddedToken? WithId(int id) => _byId.GetValueOrDefault(id);

    internal AddedToken? WithContent(string content) => _byContent.GetValueOrDefault(content);

    /// <summary>Cuts a text at its added tokens; the segments cover it from end to end.</summary>
    /// <param name="text">The text, raw or normalised.</param>
    /// <param name="trie">The tokens to look for.</param>
    /// <param name="specialAsText">Whether special tokens stay text.</param>
    /// <param name="segments">Receives the segments.</param>
    internal static void Split(ReadOnlySpan<char> text, TokenTrie trie, bool specialAsText, List<TextSegment> segments)
    {
        var done = 0;
        if (!trie.IsEmpty)
        {
            for (var from = 0; trie.TryFind(text, from, out var start, out var end, out var token); from = Math.Max(from + 1, end))
            {
                from = start;
                if ((specialAsText && token.Special) || (token.SingleWord && IsInsideWord(text, start, end))) continue;
                var matchEnd = end;
                if (token.StripLeft)
                {
                    while (start > done && char.IsWhiteSpace(text[start - 1])) start--;
                }

                if (token.StripRight)
                {
                    while (matchEnd < text.Length && char.IsWhiteSpace(text[matchEnd])) matchEnd++;
                }

                if (done < start) segments.Add(new TextSegment(done, start, null));
                segments.Add(new TextSegment(start, matchEnd, token));
                done = matchEnd;
            }
        }

        if (done < text.Length) segments.Add(new TextSegment(done, text.Length, null));
    }

    private static bool IsInsideWord(ReadOnlySpan<char> text, int start, int end) =>
        (start > 0 && WordCharacters.EndsWithWord(text[..start])) || (end < text.Length && WordCharacters.StartsWithWord(text[end..]));
}

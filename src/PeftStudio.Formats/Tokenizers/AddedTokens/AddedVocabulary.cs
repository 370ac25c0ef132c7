using PeftStudio.Formats.Tokenizers.Models;
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
    private readonly Dictionary<int, string> _normalized = [];

    internal AddedVocabulary(IEnumerable<AddedToken> tokens, Normalizer? normalizer, Vocabulary model)
    {
        foreach (var listed in tokens)
        {
            if (listed.Content.Length == 0) continue;
            var token = listed with { Id = IdFor(listed.Content, model) };
            _byContent[token.Content] = token;
            _byId[token.Id] = token;
            if (token.Normalized && normalizer is not null) _normalized[token.Id] = normalizer.Apply(token.Content);
            Size = Math.Max(Size, token.Id + 1);
        }

        // Among tokens of one content the special one is found, as in the reference implementation.
        var ordered = _byContent.Values.OrderByDescending(t => t.Special).ToList();
        Raw = new TokenTrie(ordered.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        Normalized = new TokenTrie(ordered.Where(t => t.Normalized).Select(t => (TextOf(t), t)));
    }

    /// <summary>Tokens looked for in the text as it is.</summary>
    internal TokenTrie Raw { get; }

    /// <summary>Tokens looked for in the normalised text.</summary>
    internal TokenTrie Normalized { get; }

    /// <summary>The largest id plus one.</summary>
    internal int Size { get; private set; }

    internal IReadOnlyCollection<AddedToken> Tokens => _byContent.Values;

    /// <summary>
    /// What a token stands for in decoded text: its normalised form, if it is matched in that. Such a token also counts as special only
    /// if that form is the content of a special token, as in the reference implementation.
    /// </summary>
    internal string TextOf(AddedToken token) => _normalized.GetValueOrDefault(token.Id) ?? token.Content;

    /// <summary>Whether a token is left out when special ones are.</summary>
    internal bool IsSkipped(AddedToken token) => token.Special && WithContent(TextOf(token)) is { Special: true };

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

    /// <summary>
    /// The id that the reference implementation gives, whatever the file says: that of the model, if it knows the content, else the next free one.
    /// The two agree in every file that the implementation wrote itself.
    /// </summary>
    private int IdFor(string content, Vocabulary model)
    {
        if (_byContent.TryGetValue(content, out var known)) return known.Id;
        return model.IdOf(content) ?? Math.Max(model.Count, Size);
    }

    private static bool IsInsideWord(ReadOnlySpan<char> text, int start, int end) =>
        (start > 0 && WordCharacters.EndsWithWord(text[..start])) || (end < text.Length && WordCharacters.StartsWithWord(text[end..]));
}

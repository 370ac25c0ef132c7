using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>WordPiece: the longest token from the left, again and again; a word where that fails is unknown as a whole.</summary>
internal sealed class WordPieceModel : TokenModel
{
    private readonly TextTrie _first = new();
    private readonly TextTrie _following = new();
    private readonly string _unknownToken;
    private readonly int _longestWord;

    internal WordPieceModel(Vocabulary vocabulary, IEnumerable<KeyValuePair<string, int>> tokens, string unknownToken, string prefix, int longestWord)
    {
        Vocabulary = vocabulary;
        _unknownToken = unknownToken;
        _longestWord = longestWord;
        foreach (var (token, id) in tokens)
        {
            if (token.Length > 0) _first.Add(token, id);
            if (token.Length > prefix.Length && token.StartsWith(prefix, StringComparison.Ordinal)) _following.Add(token.AsSpan(prefix.Length), id);
        }
    }

    internal override Vocabulary Vocabulary { get; }

    internal override void Tokenize(ReadOnlySpan<char> piece, TokenSink sink)
    {
        var before = sink.Count;
        if (IsTooLong(piece) || !TryCut(piece, sink))
        {
            sink.Truncate(before);
            var unknown = Vocabulary.IdOf(_unknownToken) ?? throw TokenizerErrors.Invalid("text with unknown words", $"the unknown token '{_unknownToken}' is not in the vocabulary");
            sink.Add(unknown, 0, piece.Length);
        }
    }

    private bool TryCut(ReadOnlySpan<char> piece, TokenSink sink)
    {
        for (var start = 0; start < piece.Length;)
        {
            var id = (start == 0 ? _first : _following).Longest(piece[start..], out var length);
            if (id == TextTrie.None) return false;
            sink.Add(id, start, start + length);
            start += length;
        }

        return true;
    }

    /// <summary>Counted in characters, of which a surrogate pair is one.</summary>
    private bool IsTooLong(ReadOnlySpan<char> piece)
    {
        if (piece.Length <= _longestWord) return false;
        var characters = 0;
        foreach (var _ in piece.EnumerateRunes())
        {
            if (++characters > _longestWord) return true;
        }

        return false;
    }
}

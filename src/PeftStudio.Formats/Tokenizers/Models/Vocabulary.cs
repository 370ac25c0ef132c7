namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>Tokens and their ids, in both directions. Ids may have gaps.</summary>
internal sealed class Vocabulary
{
    /// <summary>Ids from here on are refused: no vocabulary is that large, and the table of tokens is as long as the largest id.</summary>
    internal const int MaxId = 1 << 24;

    private readonly Dictionary<string, int> _ids;
    private readonly string?[] _tokens;

    /// <summary>Builds both directions.</summary>
    /// <param name="ids">Tokens to ids.</param>
    /// <param name="least">At least so many ids, where several ids share one token and only the last is in <paramref name="ids"/>.</param>
    internal Vocabulary(Dictionary<string, int> ids, int least = 0)
    {
        _ids = ids;
        Lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var size = least;
        foreach (var id in ids.Values)
        {
            if (id is < 0 or >= MaxId) throw TokenizerErrors.Invalid("a token id", $"{id} in the model's vocabulary, where 0 to {MaxId - 1} are accepted");
            size = Math.Max(size, id + 1);
        }

        _tokens = new string?[size];
        foreach (var (token, id) in ids)
        {
            _tokens[id] = token;
            LongestToken = Math.Max(LongestToken, token.Length);
        }
    }

    /// <summary>Builds both directions where every id has a text of its own to show, though two may share one.</summary>
    internal Vocabulary(Dictionary<string, int> ids, string[] tokens)
        : this(ids, tokens.Length)
    {
        tokens.CopyTo(_tokens, 0);
    }

    /// <summary>The largest id plus one.</summary>
    internal int Size => _tokens.Length;

    /// <summary>Length of the longest token, in UTF-16 units.</summary>
    internal int LongestToken { get; }

    /// <summary>Number of tokens.</summary>
    internal int Count => _ids.Count;

    internal Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; }

    internal int? IdOf(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    internal string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;
}

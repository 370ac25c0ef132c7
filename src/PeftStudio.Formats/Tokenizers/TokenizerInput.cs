namespace PeftStudio.Formats.Tokenizers;

/// <summary>What to encode: a text or a pair of texts, each whole or already cut into words.</summary>
public sealed record TokenizerInput
{
    private TokenizerInput(IReadOnlyList<string> first, IReadOnlyList<string>? second, bool areWords)
    {
        First = first;
        Second = second;
        AreWords = areWords;
    }

    /// <summary>A text, or a pair of texts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text of a pair.</param>
    public TokenizerInput(string text, string? pair = null)
        : this([text], pair is null ? null : [pair], areWords: false)
    {
        ArgumentNullException.ThrowIfNull(text);
    }

    internal IReadOnlyList<string> First { get; }

    internal IReadOnlyList<string>? Second { get; }

    /// <summary>Whether the texts are words: word ids are then their indices, and offsets count within each.</summary>
    internal bool AreWords { get; }

    /// <summary>A text already cut into words, or a pair of such texts.</summary>
    public static TokenizerInput OfWords(IReadOnlyList<string> words, IReadOnlyList<string>? pair = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        return new TokenizerInput(words, pair, areWords: true);
    }

    /// <summary>A text.</summary>
    public static implicit operator TokenizerInput(string text) => new(text);
}

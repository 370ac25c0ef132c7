using System.Collections.Immutable;

namespace PeftStudio.Formats.Tokenizers;

/// <summary>An encoded text or pair: parallel lists with one entry a token.</summary>
public sealed record TokenEncoding
{
    /// <summary>Token ids.</summary>
    public required ImmutableArray<int> Ids { get; init; }

    /// <summary>0 and 1 for the texts of a pair, as the post-processor says.</summary>
    public required ImmutableArray<int> TypeIds { get; init; }

    /// <summary>
    /// The part of the original text each token stands for, in UTF-16 units; (0, 0) for added tokens. <see cref="ToCodePoints"/> converts to code points,
    /// in which Hugging Face counts.
    /// </summary>
    public required ImmutableArray<TokenOffset> Offsets { get; init; }

    /// <summary>True for tokens of the text and around it, false for padding.</summary>
    public required ImmutableArray<bool> AttentionMask { get; init; }

    /// <summary>True for tokens that the post-processor or padding added.</summary>
    public required ImmutableArray<bool> SpecialTokensMask { get; init; }

    /// <summary>Index of the word each token belongs to, null for added tokens.</summary>
    public required ImmutableArray<int?> WordIds { get; init; }

    /// <summary>0 for tokens of the text, 1 for those of the second one, null for added tokens.</summary>
    public required ImmutableArray<int?> SequenceIds { get; init; }

    /// <summary>Contents of the tokens. An unknown piece and an added token that swallowed white space show their text.</summary>
    public required ImmutableArray<string> Tokens { get; init; }

    /// <summary>What truncation cut off, if it was asked to keep it.</summary>
    public ImmutableArray<TokenEncoding> Overflowing { get; init; } = [];

    /// <summary>Number of tokens.</summary>
    public int Count => Ids.Length;

    /// <summary>Offsets in Unicode code points instead of UTF-16 units.</summary>
    /// <param name="text">The text that was encoded.</param>
    /// <param name="offsets">Offsets within it.</param>
    public static ImmutableArray<TokenOffset> ToCodePoints(string text, ImmutableArray<TokenOffset> offsets)
    {
        ArgumentNullException.ThrowIfNull(text);
        var points = new int[text.Length + 1];
        for (var i = 0; i < text.Length; i++)
        {
            var isSecondHalf = i > 0 && char.IsSurrogatePair(text[i - 1], text[i]);
            points[i + 1] = points[i] + (isSecondHalf ? 0 : 1);
        }

        return [.. offsets.Select(o => new TokenOffset(points[o.Start], points[o.End]))];
    }
}

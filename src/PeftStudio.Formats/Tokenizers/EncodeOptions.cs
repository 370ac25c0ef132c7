namespace PeftStudio.Formats.Tokenizers;

/// <summary>How to encode. Truncation and padding that a tokenizer file carries are not applied by themselves: training leaves stray ones behind.</summary>
public sealed record EncodeOptions
{
    /// <summary>The defaults.</summary>
    public static EncodeOptions Default { get; } = new();

    /// <summary>Whether the post-processor adds its tokens. True unless set; a rendered chat template already holds them, so encode it with false.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>Whether special tokens spelled in the text stay plain text. False unless set; true for text from strangers.</summary>
    public bool SpecialTokensAsText { get; init; }

    /// <summary>Cuts the result, or null.</summary>
    public TruncationOptions? Truncation { get; init; }

    /// <summary>Fills the result up, or null.</summary>
    public PaddingOptions? Padding { get; init; }
}

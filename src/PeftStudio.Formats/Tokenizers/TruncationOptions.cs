namespace PeftStudio.Formats.Tokenizers;

/// <summary>Which end of a text: where it is cut, or where padding goes.</summary>
public enum TextSide
{
    /// <summary>The end.</summary>
    Right,

    /// <summary>The beginning.</summary>
    Left,
}

/// <summary>Which of two texts is cut when both together are too long.</summary>
public enum TruncationStrategy
{
    /// <summary>The longer one; both to half where that is not enough.</summary>
    LongestFirst,

    /// <summary>Only the first.</summary>
    OnlyFirst,

    /// <summary>Only the second.</summary>
    OnlySecond,
}

/// <summary>Cuts encodings to a length.</summary>
public sealed record TruncationOptions
{
    /// <summary>Most tokens of the result, those that the post-processor adds included; 0 or more.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Which text of a pair is cut. LongestFirst unless set.</summary>
    public TruncationStrategy Strategy { get; init; }

    /// <summary>Where it is cut off. Right unless set.</summary>
    public TextSide Side { get; init; }

    /// <summary>How many tokens an overflowing part repeats of the one before it; less than what is left of <see cref="MaxLength"/> without added tokens.</summary>
    public int Stride { get; init; }

    /// <summary>Whether what is cut off is kept in <see cref="TokenEncoding.Overflowing"/>. For a pair of which both are cut, the parts multiply.</summary>
    public bool KeepOverflowing { get; init; }
}

namespace PeftStudio.Training.Data;

/// <summary>What became of the rows of a dataset file.</summary>
public sealed record TokenizationSummary
{
    /// <summary>Rows that the file has; of a plain text file the pieces it was cut into, an incomplete last one included.</summary>
    public required int RowsRead { get; init; }

    /// <summary>Rows that were cut to the longest allowed length.</summary>
    public required int RowsTruncated { get; init; }

    /// <summary>Lines of the rows that were dropped because none of their tokens is trained, such as a prompt that fills the whole length.</summary>
    public required IReadOnlyList<long> DroppedLines { get; init; }

    /// <summary>Tokens at the end of a plain text file that do not fill a row and are not used.</summary>
    public required int TailTokensDropped { get; init; }

    /// <summary>Tokens of all rows that are kept, held-out rows included.</summary>
    public required long Tokens { get; init; }

    /// <summary>Those of them that the loss counts.</summary>
    public required long TrainedTokens { get; init; }
}

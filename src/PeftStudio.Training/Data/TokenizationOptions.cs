namespace PeftStudio.Training.Data;

/// <summary>How rows become tokens. The defaults are those of TRL's SFT trainer, except where a property says so.</summary>
public sealed record TokenizationOptions
{
    /// <summary>Longest row in tokens, at least 2; null (the default) is 1,024 or the model's context, whichever is less.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The model's context in tokens; null when it has none (positions without a table or rotation).</summary>
    public int? MaxPositions { get; init; }

    /// <summary>Which end of a row longer than <see cref="MaxLength"/> is kept.</summary>
    public TruncationMode Truncation { get; init; }

    /// <summary>Content of the token that ends a text; appended where a text does not end with it. Null appends nothing.</summary>
    public string? EosToken { get; init; }

    /// <summary>Content of the token that begins a text; put once in front of a plain text file. Rows get theirs from the tokenizer.</summary>
    public string? BosToken { get; init; }

    /// <summary>Whether only the completion is trained; null (the default): yes for rows that have one, no for texts.</summary>
    public bool? CompletionOnlyLoss { get; init; }

    /// <summary>
    /// Part of the rows, the last in file order, that is held out: 0 to 0.5; at least one row when there are two or more, unless 0.
    /// Null (the default) is 0.05 for a plain text file and 0.1 for any other.
    /// </summary>
    public double? ValidationPart { get; init; }

    internal int EffectiveMaxLength => MaxLength ?? Math.Min(1024, MaxPositions ?? 1024);

    internal void Validate()
    {
        if (MaxLength is < 2) throw Outside(nameof(MaxLength), MaxLength.Value, "2 and more");
        if (MaxPositions is < 2) throw Outside(nameof(MaxPositions), MaxPositions.Value, "2 and more");
        if (ValidationPart is { } part && part is not (>= 0 and <= 0.5)) throw Outside(nameof(ValidationPart), part, "0 to 0.5");
        if (MaxLength > MaxPositions)
        {
            throw new PeftStudioException(ErrorCodes.SequenceTooLong, "rows would be longer than the model's context",
                FormattableString.Invariant($"rows of up to {MaxLength} tokens"),
                FormattableString.Invariant($"a model with a context of {MaxPositions} tokens"),
                FormattableString.Invariant($"set MaxLength to {MaxPositions} or less; longer rows are then cut"));
        }
    }

    private static PeftStudioException Outside(string name, double value, string range) => new(
        ErrorCodes.InvalidOptions, "a data option is outside its range", FormattableString.Invariant($"{name} = {value}"), $"the range is {range}",
        $"set {name} to a value in its range");
}

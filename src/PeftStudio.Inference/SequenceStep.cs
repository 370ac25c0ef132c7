namespace PeftStudio.Inference;

/// <summary>New tokens of one session in a pass over several.</summary>
/// <param name="Session">Whose past the tokens follow.</param>
/// <param name="Ids">At least one token id.</param>
public readonly record struct SequenceStep(DecodeSession Session, ReadOnlyMemory<int> Ids)
{
    /// <summary>A position a token; empty for the next ones of the session.</summary>
    public ReadOnlyMemory<int> Positions { get; init; }

    /// <summary>How many tokens, from the last backwards, need logits: 0 to the number of tokens; 1 unless set.</summary>
    public int LogitCount { get; init; } = 1;

    /// <summary>
    /// Largest position of the batch plus one, for rotary rules that depend on the length; 0 for this session's own.
    /// The reference takes the largest of a padded batch.
    /// </summary>
    public long RopeLength { get; init; }
}

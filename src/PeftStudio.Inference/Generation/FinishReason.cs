namespace PeftStudio.Inference;

/// <summary>Why a text ended.</summary>
public enum FinishReason
{
    /// <summary>The model gave one of the ids that end a text.</summary>
    EndOfText,

    /// <summary>One of the stop strings occurred.</summary>
    StopString,

    /// <summary>The answer has as many tokens as were allowed.</summary>
    Length,
}

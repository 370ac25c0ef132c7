namespace PeftStudio.Inference;

/// <summary>A piece of an answer's text.</summary>
/// <param name="Text">Whole characters; empty when there is only a finish reason to tell.</param>
/// <param name="TokenCount">Tokens generated so far, those included that gave no text.</param>
/// <param name="Finish">Why the answer ends here, or null when it goes on.</param>
public readonly record struct GeneratedText(string Text, int TokenCount, FinishReason? Finish);

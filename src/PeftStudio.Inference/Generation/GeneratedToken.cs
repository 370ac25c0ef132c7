namespace PeftStudio.Inference;

/// <summary>One token of an answer.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Index">Its number in the answer, from 0.</param>
/// <param name="Finish">Why the answer ends here, or null when it goes on. The id that ends a text is part of the stream.</param>
public readonly record struct GeneratedToken(int Id, int Index, FinishReason? Finish);

namespace PeftStudio.Training.Data;

/// <summary>A row that was tokenised before it was stored.</summary>
/// <param name="Line">Line on which the row starts; from 1.</param>
/// <param name="InputIds">Token ids [T].</param>
/// <param name="Labels">Labels [T], −100 where a token is not trained; null when the file has none.</param>
/// <param name="CompletionMask">1 for the tokens of the completion, 0 for those of the prompt [T]; null when the file has none.</param>
public sealed record TokenizedRow(long Line, int[] InputIds, int[]? Labels, int[]? CompletionMask) : DatasetRow(Line);

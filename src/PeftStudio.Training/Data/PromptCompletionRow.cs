namespace PeftStudio.Training.Data;

/// <summary>A row with a prompt and what the model should answer.</summary>
/// <param name="Line">Line on which the row starts; from 1.</param>
/// <param name="Prompt">The text that comes first; not trained unless the options say so.</param>
/// <param name="Completion">The text that follows, as it is: no space is put between the two.</param>
public sealed record PromptCompletionRow(long Line, string Prompt, string Completion) : DatasetRow(Line);

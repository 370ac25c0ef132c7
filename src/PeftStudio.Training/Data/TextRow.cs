namespace PeftStudio.Training.Data;

/// <summary>A row with one text, every token of which is trained. A plain text file is one such row.</summary>
/// <param name="Line">Line on which the row starts; from 1.</param>
/// <param name="Text">The text.</param>
public sealed record TextRow(long Line, string Text) : DatasetRow(Line);

namespace PeftStudio.Training.Data;

/// <summary>One row of a dataset as its file has it.</summary>
/// <param name="Line">Line of the file on which the row starts, or its number in a Parquet file; from 1.</param>
public abstract record DatasetRow(long Line);

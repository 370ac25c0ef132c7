namespace PeftStudio.Training.Data;

/// <summary>How far the reading of a dataset has come.</summary>
/// <param name="BytesRead">Bytes of the file (as it lies on disk) that were read.</param>
/// <param name="TotalBytes">Bytes of the file.</param>
/// <param name="Rows">Rows read.</param>
public readonly record struct DatasetProgress(long BytesRead, long TotalBytes, long Rows);

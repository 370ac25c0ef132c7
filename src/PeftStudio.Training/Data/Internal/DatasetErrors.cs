namespace PeftStudio.Training.Data.Internal;

/// <summary>Faults of a whole dataset file; <see cref="RowErrors"/> has those of its rows.</summary>
internal static class DatasetErrors
{
    internal static PeftStudioException NotFound(string path) => new(
        ErrorCodes.FileNotFound, "the dataset does not exist", path, "no file of that name", "check the path");

    internal static PeftStudioException Unsupported(string path, string summary, string found, string remedy) =>
        new(ErrorCodes.UnsupportedDataset, summary, path, found, remedy);

    internal static PeftStudioException Damaged(string path, string found, Exception? cause = null) => new(
        ErrorCodes.DamagedDataset, "the dataset is damaged", path, found, "fetch or write the file again", cause);

    internal static PeftStudioException TooLarge(string path, string what, long bytes, long limit) => new(
        ErrorCodes.DatasetTooLarge, "the dataset is larger than allowed", path,
        FormattableString.Invariant($"{bytes:n0} bytes {what} or more, the limit is {limit:n0}"),
        "train on a part of it; DatasetOptions.MaximumBytes can be raised to 1,000,000,000");

    internal static PeftStudioException RowTooLarge(string path, long line, long limit) => new(
        ErrorCodes.DatasetTooLarge, "a row of the dataset is larger than allowed", path,
        FormattableString.Invariant($"line {line}: more than {limit:n0} bytes"), "split the row, or raise DatasetOptions.MaximumRowBytes");

    internal static PeftStudioException Empty(string path, string found, string remedy) => new(
        ErrorCodes.EmptyDataset, "the dataset has no usable row", path, found, remedy);

    /// <summary>Opens something and turns the runtime's exceptions into ours.</summary>
    internal static T Guard<T>(string path, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NotFound(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new PeftStudioException(ErrorCodes.FileNotFound, "the dataset cannot be opened", path, e.Message, "check the path and the rights", e);
        }
    }
}

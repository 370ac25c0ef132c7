namespace PeftStudio.Training.Data.Internal;

/// <summary>Parquet is read from its end: a packed file is unpacked to a temporary one first, which vanishes when it is closed.</summary>
internal static class ParquetInput
{
    internal static async Task<FileStream> OpenAsync(string path, bool compressed, DatasetOptions options, CancellationToken cancellationToken)
    {
        if (!compressed)
        {
            return DatasetErrors.Guard(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous));
        }

        var temporary = new FileStream(System.IO.Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        try
        {
            var packed = new DatasetStream(path, compressed: true, options);
            await using var closing = packed.ConfigureAwait(false);
            await packed.CopyToAsync(temporary, cancellationToken).ConfigureAwait(false);
            return temporary;
        }
        catch
        {
            await temporary.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

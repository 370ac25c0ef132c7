namespace PeftStudio.Training.Reports;

/// <summary>Writes a file as a whole: under a temporary name in the same folder, flushed to the disk, then renamed. A reader never sees half of it.</summary>
internal static class WholeFile
{
    // ENOSPC of Linux and macOS; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
    private static readonly int[] DiskFull = [28, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    internal static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(content, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            Remove(temporary);
            if (e is not (IOException or UnauthorizedAccessException)) throw;
            var full = DiskFull.Contains(e.HResult);
            throw new PeftStudioException(full ? ErrorCodes.DiskFull : ErrorCodes.OutputNotWritable, full ? "the disk is full" : "the file cannot be written",
                path, $"{e.Message} What was there before is unchanged.", full ? "free some space and write again" : "check the folder and the rights", e);
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first exception tells the caller what is wrong; a leftover with a .tmp name harms nobody.
        }
    }
}

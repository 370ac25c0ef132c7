namespace PeftStudio.Formats.Files;

/// <summary>Writes files so that a reader never sees half of one: temporary name in the same folder, flush to disk, rename.</summary>
public static class SafeFile
{
    private const int DiskFullOnUnix = 28; // ENOSPC
    private const int DiskFullOnWindows = 0x70; // ERROR_DISK_FULL

    /// <summary>Writes a file through a stream.</summary>
    /// <param name="path">Final name; its folder is created if needed, an existing file is replaced.</param>
    /// <param name="write">Writes the contents.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.DiskFull"/> or <see cref="ErrorCodes.OutputNotWritable"/>;
    /// an existing file is then unchanged and nothing else is left.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        CreateFolder(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(temporary);
            if (e is IOException or UnauthorizedAccessException) throw Explain(e, path);
            throw;
        }
    }

    /// <summary>Writes a text file as UTF-8 without a byte order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Creates a folder and its parents.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.OutputNotWritable"/> or <see cref="ErrorCodes.DiskFull"/>.</exception>
    public static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(e, path);
        }
    }

    /// <summary>Checks that files can be created in a folder, which is created if needed.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.OutputNotWritable"/> or <see cref="ErrorCodes.DiskFull"/>.</exception>
    public static void RequireWritableFolder(string path)
    {
        CreateFolder(path);
        var probe = Path.Combine(path, $".probe.{Guid.NewGuid():N}.tmp");
        try
        {
            using var stream = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            stream.WriteByte(0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(probe);
            throw Explain(e, path);
        }
    }

    /// <summary>Deletes the temporary files that a killed process left in a folder; no other process may be writing there.</summary>
    /// <param name="folder">Need not exist; folders below it are left alone.</param>
    public static void RemoveLeftovers(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var file in Directory.EnumerateFiles(folder, ".*.tmp").Where(IsTemporary)) TryDelete(file);
    }

    // .name.<32 hexadecimal digits>.tmp, as Write names them.
    private static bool IsTemporary(string file)
    {
        var parts = Path.GetFileName(file).Split('.');
        return parts.Length >= 4 && Guid.TryParseExact(parts[^2], "N", out _);
    }

    private static PeftStudioException Explain(Exception cause, string path)
    {
        var code = cause.HResult & 0xFFFF;
        if (cause is IOException && (OperatingSystem.IsWindows() ? code == DiskFullOnWindows : cause.HResult == DiskFullOnUnix || code == DiskFullOnUnix))
        {
            return new(
                ErrorCodes.DiskFull, "disk is full", $"to write {path}", "no space left; nothing was replaced and no partial file is left",
                "free some space, or choose an output folder on another disk", cause);
        }

        return new(
            ErrorCodes.OutputNotWritable, "output cannot be written", $"to write {path}", cause.Message,
            "choose a folder that this account may write to, whose parents are folders", cause);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report; a leftover temporary file is harmless.
        }
    }
}

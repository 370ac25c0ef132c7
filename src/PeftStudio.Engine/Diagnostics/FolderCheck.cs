namespace PeftStudio.Engine.Diagnostics;

/// <summary>Free disk space of a folder, and whether files can be written there.</summary>
internal static class FolderCheck
{
    internal static DoctorFinding Run(string folder, long leastFreeBytes)
    {
        const string name = "disk";
        var path = folder;
        try
        {
            path = Path.GetFullPath(folder);
            var existing = NearestExisting(path);
            var free = new DriveInfo(existing).AvailableFreeSpace;
            ProbeWriting(existing);
            var found = $"{ByteSize.Text(free)} free at {path}";
            return free >= leastFreeBytes
                ? new DoctorFinding(name, DoctorStatus.Ok, found)
                : new DoctorFinding(name, DoctorStatus.Warning, found,
                    $"Free space, or use another folder; {ByteSize.Text(leastFreeBytes)} are advisable.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new DoctorFinding(name, DoctorStatus.Failed, $"{path} cannot be written: {e.Message}",
                "Make the folder writable for this user, or use another.");
        }
    }

    /// <summary>The folder, or the one above it in which it would be created.</summary>
    private static string NearestExisting(string path)
    {
        var folder = new DirectoryInfo(path);
        while (!folder.Exists && folder.Parent is { } parent) folder = parent;
        return folder.FullName;
    }

    private static void ProbeWriting(string folder)
    {
        var probe = Path.Combine(folder, $".peftstudio-{Guid.NewGuid():n}");
        using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        file.WriteByte(0);
    }
}

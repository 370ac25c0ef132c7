using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace PeftStudio.Engine.Native;

/// <summary>
/// Repaired copies on disk, one folder for each original (its SHA-256) and revision of the repair. What lies there is never trusted: the repair is
/// computed again, which takes a few milliseconds, and the file must equal it byte for byte.
/// </summary>
/// <param name="folder">The cache's folder; created, and closed to other users, if need be.</param>
[SupportedOSPlatform("linux")]
internal sealed class RepairCache(string folder)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The folder of this user, or null where the user has no home.</summary>
    internal static string? DefaultFolder()
    {
        // The XDG base directory specification: a relative path is to be ignored.
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathFullyQualified(cache ?? ""))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (home.Length == 0) return null;
            cache = Path.Combine(home, ".cache");
        }

        return Path.Combine(cache!, "peftstudio", "native");
    }

    /// <summary>Path of a file that holds exactly the repaired bytes.</summary>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The cache belongs to another user, or cannot be written.</exception>
    internal string Store(byte[] original, byte[] repaired)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(original));
        var home = Path.Combine(folder, $"{key}-r{LibTorchSharpRepair.Revision}");
        Close(folder);
        Close(home);
        var path = Path.Combine(home, NativeFiles.FileName("LibTorchSharp"));
        if (!Holds(path, repaired)) Write(path, repaired);
        return path;
    }

    /// <summary>Creates a folder for this user alone. Setting the mode of a folder that is another user's fails, which is wanted.</summary>
    private static void Close(string path)
    {
        if (Directory.CreateDirectory(path, Private).UnixFileMode != Private) File.SetUnixFileMode(path, Private);
    }

    private static bool Holds(string path, byte[] expected)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length == expected.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(expected);
    }

    /// <summary>Several processes may do this at once: each writes a file of its own, and the renamed ones are all the same.</summary>
    private static void Write(string path, byte[] bytes)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = Private };
            using (var file = new FileStream(temporary, creation))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}

using PeftStudio.TestSupport;

namespace PeftStudio.Architecture;

/// <summary>The text files of the clone, without what builds and editors leave behind.</summary>
internal static class RepositoryFiles
{
    // As in .gitignore.
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        ".git", ".vs", ".idea", "bin", "obj", "TestResults", "BenchmarkDotNet.Artifacts", "artifacts", "runs", "node_modules",
    };

    private const int ProbeLength = 8000;

    /// <summary>Every text file by its path relative to the root, with forward slashes.</summary>
    internal static IEnumerable<string> Texts() => Walk(new DirectoryInfo(TestData.Repository))
        .Where(f => !Skipped.Contains(f.Name) && f.Extension != ".user" && IsText(f.FullName)).Select(f => Relative(f.FullName));

    internal static string Read(string relative) => File.ReadAllText(Path.Combine(TestData.Repository, relative));

    internal static string Relative(string path) => Path.GetRelativePath(TestData.Repository, path).Replace('\\', '/');

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) => folder.EnumerateFiles()
        .Concat(folder.EnumerateDirectories().Where(d => !Skipped.Contains(d.Name)).SelectMany(Walk));

    private static bool IsText(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[ProbeLength];
        return !start[..stream.ReadAtLeast(start, ProbeLength, throwOnEndOfStream: false)].Contains((byte)0);
    }
}

namespace PeftStudio.TestSupport;

/// <summary>A folder of its own that is deleted with all it holds.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal TemporaryFolder() => Path = Directory.CreateTempSubdirectory("peftstudio-test-").FullName;

    internal string Path { get; }

    internal string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

namespace PeftStudio.Engine.Diagnostics;

/// <summary>What <see cref="Doctor"/> looks at.</summary>
public sealed record DoctorOptions
{
    /// <summary>Folders whose free disk space is to be reported, such as those of models, datasets and runs.</summary>
    /// <value>The current folder.</value>
    public IReadOnlyList<string> Folders { get; init; } = [Environment.CurrentDirectory];

    /// <summary>Free disk space below which a folder earns a warning, in bytes.</summary>
    /// <value>5 GiB: a few checkpoints of a small model.</value>
    public long LeastFreeDiskBytes { get; init; } = 5L << 30;

    /// <summary>Available memory below which a warning is given, in bytes.</summary>
    /// <value>4 GiB: training a 135M model with batches of 1024 tokens peaks at 3 to 4 GB.</value>
    public long LeastAvailableMemoryBytes { get; init; } = 4L << 30;

    /// <summary>How the native library is loaded, if it is not loaded yet.</summary>
    /// <value>The defaults of <see cref="NativeRuntimeOptions"/>.</value>
    public NativeRuntimeOptions? Native { get; init; }
}

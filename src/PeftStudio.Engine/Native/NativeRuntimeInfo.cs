namespace PeftStudio.Engine;

/// <summary>Which libtorch has been loaded, and how.</summary>
/// <param name="LibraryPath">The LibTorchSharp that was loaded: the deployed file, or its repaired copy.</param>
/// <param name="TorchFolder">Folder of the libtorch files.</param>
/// <param name="Backend">Kind of libtorch.</param>
/// <param name="Repair">Whether the deployed LibTorchSharp loaded as it is.</param>
/// <param name="AllocatorTuned">Whether glibc's allocator was told to keep freed memory.</param>
public sealed record NativeRuntimeInfo(string LibraryPath, string TorchFolder, NativeBackend Backend, NativeRepair Repair, bool AllocatorTuned);

/// <summary>Kinds of libtorch.</summary>
public enum NativeBackend
{
    /// <summary>Processor only.</summary>
    Cpu,

    /// <summary>With CUDA.</summary>
    Cuda,
}

/// <summary>What was done to LibTorchSharp so that it loads.</summary>
public enum NativeRepair
{
    /// <summary>Nothing: the system offers what it needs.</summary>
    NotNeeded,

    /// <summary>A repaired copy from the user's cache was loaded.</summary>
    CachedCopy,

    /// <summary>A repaired copy was loaded from memory, since the cache could not be written.</summary>
    InMemory,
}

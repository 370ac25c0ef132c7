namespace PeftStudio.Engine;

/// <summary>How <see cref="NativeRuntime.EnsureLoaded"/> finds and loads libtorch. The first call of a process decides.</summary>
public sealed record NativeRuntimeOptions
{
    /// <summary>A folder to search before all others.</summary>
    /// <value>None: the application's folder, its <c>runtimes/&lt;rid&gt;/native</c> and the folders that the .NET host names.</value>
    public string? LibraryFolder { get; init; }

    /// <summary>
    /// Whether a repaired copy of LibTorchSharp may be used on Linux systems whose libstdc++ is older than GCC 13.2.
    /// The environment variable <c>PEFTSTUDIO_NATIVE_REPAIR=0</c> says no for every application.
    /// </summary>
    /// <value>True.</value>
    public bool Repair { get; init; } = true;

    /// <summary>Where the repaired copy is kept; no other user may be able to write there.</summary>
    /// <value><c>$XDG_CACHE_HOME/peftstudio/native</c>, or <c>~/.cache/peftstudio/native</c>.</value>
    public string? CacheFolder { get; init; }

    /// <summary>
    /// Whether glibc's allocator is told to keep freed memory for the next tensor instead of returning it to the system.
    /// It is a setting of the whole process. Other C libraries are left alone.
    /// </summary>
    /// <value>True.</value>
    public bool TuneAllocator { get; init; } = true;
}

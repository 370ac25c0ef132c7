using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PeftStudio.Engine.Native;

namespace PeftStudio.Engine;

/// <summary>
/// Loads libtorch before TorchSharp does. TorchSharp's own attempt happens in the static constructor of <c>torch</c>: if it fails, it copies
/// 600 MB, prints a trace and fails for good. So <see cref="EnsureLoaded"/> must come before the first mention of any <c>torch</c>
/// member in a process; everything in PeftStudio.Engine calls it by itself.
/// </summary>
public static partial class NativeRuntime
{
    /// <summary>Environment variable that forbids the repair if it is <c>0</c>.</summary>
    public const string RepairVariable = "PEFTSTUDIO_NATIVE_REPAIR";

    private static readonly Lock Gate = new();
    private static volatile NativeRuntimeInfo? _loaded;

    /// <summary>What is loaded, or null before the first successful <see cref="EnsureLoaded"/>.</summary>
    public static NativeRuntimeInfo? Loaded => _loaded;

    /// <summary>
    /// Finds and loads libtorch and LibTorchSharp. May be called from any thread and any number of times: the first success decides, later calls return
    /// its result, and a failed call leaves nothing behind and may be repeated.
    /// </summary>
    /// <param name="options">Where to search and what is allowed; null for the defaults.</param>
    /// <param name="logger">Told once, when the libraries have been loaded.</param>
    /// <exception cref="PeftStudioException">
    /// <see cref="ErrorCodes.NativeLibraryUnavailable"/>: a file is missing, or the system lacks something that it needs.
    /// <see cref="ErrorCodes.InvalidNativeLibrary"/>: a file is damaged.
    /// </exception>
    public static NativeRuntimeInfo EnsureLoaded(NativeRuntimeOptions? options = null, ILogger? logger = null)
    {
        if (_loaded is { } loaded) return loaded;
        lock (Gate) return _loaded ??= Load(options ?? new NativeRuntimeOptions(), logger ?? NullLogger.Instance);
    }

    private static NativeRuntimeInfo Load(NativeRuntimeOptions options, ILogger logger)
    {
        var files = NativeFiles.Find(options);

        // Before the libraries: their constructors allocate already.
        var tuned = options.TuneAllocator && MemoryAllocator.KeepFreedMemory();
        var mayRepair = options.Repair && Environment.GetEnvironmentVariable(RepairVariable) != "0";
        var (path, repair) = NativeLoader.Load(files, options, mayRepair);
        var info = new NativeRuntimeInfo(path, Path.GetDirectoryName(files.Dependencies[0])!, files.Backend, repair, tuned);
        LogLoaded(logger, info.Backend, info.LibraryPath, info.Repair, info.AllocatorTuned);
        return info;
    }

    [LoggerMessage(16_001, LogLevel.Information,
        "Loaded libtorch ({Backend}) with {Library}; repair: {Repair}; allocator keeps freed memory: {AllocatorTuned}.", EventName = "NativeLibraryLoaded")]
    private static partial void LogLoaded(ILogger logger, NativeBackend backend, string library, NativeRepair repair, bool allocatorTuned);
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PeftStudio.Engine.Native.Elf;

namespace PeftStudio.Engine.Native;

/// <summary>
/// Loads the files one by one, by full path, so that TorchSharp's own lookups find them loaded. Whether a repair is needed is not
/// predicted: the loader is asked to load the original, and only its refusal is looked into. A system that works is thus never
/// at the mercy of this code's opinion, and pays nothing for it; a refused attempt costs half a millisecond and leaves nothing behind.
/// </summary>
internal static class NativeLoader
{
    internal static (string Path, NativeRepair Repair) Load(NativeFiles files, NativeRuntimeOptions options, bool mayRepair)
    {
        foreach (var path in files.Dependencies)
        {
            if (TryLoad(path) is { } failure) throw NativeErrors.LoadFailed(path, failure);
        }

        if (TryLoad(files.TorchSharp) is not { } refusal) return (files.TorchSharp, NativeRepair.NotNeeded);
        if (!OperatingSystem.IsLinux() || refusal is not DllNotFoundException) throw NativeErrors.LoadFailed(files.TorchSharp, refusal);
        return LoadRepaired(files.TorchSharp, refusal, options, mayRepair);
    }

    [SupportedOSPlatform("linux")]
    private static (string Path, NativeRepair Repair) LoadRepaired(string path, Exception refusal, NativeRuntimeOptions options, bool mayRepair)
    {
        var original = ElfImage.ReadFile(path);
        var (missing, standardLibrary) = LoadedStandardLibrary.WhatLacks(path, original);
        if (missing.Count == 0) throw NativeErrors.LoadFailed(path, refusal);
        if (missing is not [LibTorchSharpRepair.NewVersion]) throw NativeErrors.TooOldStandardLibrary(path, missing, standardLibrary);
        if (!mayRepair) throw NativeErrors.RepairOff(path, missing, standardLibrary);

        var repaired = LibTorchSharpRepair.Apply(path, original);
        var folder = options.CacheFolder ?? RepairCache.DefaultFolder();
        var copy = Store(folder, original, repaired);
        if (copy is not null && TryLoad(copy) is null) return (copy, NativeRepair.CachedCopy);

        // A read-only container has no cache, and a cache on a noexec file system cannot be loaded from.
        using var memory = MemoryFile.TryCreate(Path.GetFileName(path), repaired);
        if (memory is null) throw NativeErrors.NowhereToRepair(path, missing, standardLibrary, folder);
        return TryLoad(memory.Path) is { } failure ? throw NativeErrors.LoadFailed(memory.Path, failure) : (path, NativeRepair.InMemory);
    }

    [SupportedOSPlatform("linux")]
    private static string? Store(string? folder, byte[] original, byte[] repaired)
    {
        if (folder is null) return null;
        try
        {
            return new RepairCache(folder).Store(original, repaired);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Exception? TryLoad(string path)
    {
        try
        {
            if (OperatingSystem.IsLinux()) ElfCompleteness.Require(path);
            NativeLibrary.Load(path);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }
}

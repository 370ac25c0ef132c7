namespace PeftStudio.Engine.Native;

/// <summary>Every way in which loading the native libraries fails, with what a stranger can do about it.</summary>
internal static class NativeErrors
{
    internal const string NewerSystem =
        "Run on a system whose libstdc++ comes from GCC 13.2 or newer: Ubuntu 24.04, Debian 13, Fedora 40, or a container image based on one of them, "
        + "as the .NET 10 images are unless another base is named.";

    internal static PeftStudioException Unavailable(string asked, string found, string remedy, Exception? inner = null) =>
        new(ErrorCodes.NativeLibraryUnavailable, "the native library cannot be loaded", asked, found, remedy, inner);

    internal static PeftStudioException UnsupportedPlatform(string platform) => Unavailable(
        $"libtorch for {platform}",
        "TorchSharp has native libraries for linux-x64 (glibc), win-x64, win-arm64 and osx-arm64 only.",
        "Run in a 64-bit process on one of these. On Alpine use a glibc image; "
        + "on other machines run adapters with PeftStudio.Inference, which needs no native library.");

    internal static PeftStudioException MissingFile(string file, IReadOnlyList<string> folders) => Unavailable(
        file,
        "no such file in\n" + string.Join('\n', folders),
        file.Contains("TorchSharp", StringComparison.Ordinal)
            ? "Build for a supported platform: the file comes with package TorchSharp, as part of PeftStudio.Engine. "
              + "If the files lie elsewhere, name the folder in NativeRuntimeOptions.LibraryFolder."
            : "Add package TorchSharp-cpu (or TorchSharp-cuda-linux, TorchSharp-cuda-windows) to the application's project, "
              + "in the version of TorchSharp that is referenced. "
              + "If the files lie elsewhere, name the folder in NativeRuntimeOptions.LibraryFolder.");

    internal static PeftStudioException LoadFailed(string path, Exception loader) => Unavailable(
        path,
        "the system's loader says:\n" + LoaderMessage(loader),
        RemedyFor(loader.Message),
        loader);

    internal static PeftStudioException RepairOff(string path, IReadOnlyList<string> missing, string? standardLibrary) => Unavailable(
        path,
        $"{standardLibrary ?? "libstdc++.so.6"} of this system lacks {string.Join(", ", missing)}, and the repair is switched off.",
        $"Unset {NativeRuntime.RepairVariable} and leave NativeRuntimeOptions.Repair at true: "
        + $"a repaired copy goes into the user's cache folder. Otherwise: {NewerSystem}");

    internal static PeftStudioException NowhereToRepair(string path, IReadOnlyList<string> missing, string? standardLibrary, string? cache) => Unavailable(
        path,
        $"{standardLibrary ?? "libstdc++.so.6"} of this system lacks {string.Join(", ", missing)}, and a repaired copy can neither be written to "
        + $"{cache ?? "a cache folder, since the user has no home,"} nor be kept in memory.",
        $"Make that folder writable for this user, or name another in NativeRuntimeOptions.CacheFolder or XDG_CACHE_HOME. Otherwise: {NewerSystem}");

    internal static PeftStudioException TooOldStandardLibrary(string path, IReadOnlyList<string> missing, string? standardLibrary) => Unavailable(
        path,
        $"{standardLibrary ?? "libstdc++.so.6"} of this system lacks {string.Join(", ", missing)}. Only {LibTorchSharpRepair.NewVersion} can be done without.",
        NewerSystem);

    internal static string LoaderMessage(Exception loader)
    {
        // .NET puts two sentences of its own before what dlopen said; only the latter names the cause.
        var lines = loader.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length > 1 ? string.Join('\n', lines[1..]) : loader.Message;
    }

    private static string RemedyFor(string message) => message switch
    {
        _ when message.Contains("GLIBC_", StringComparison.Ordinal) => "The system's C library is too old; glibc 2.34 or newer is needed. " + NewerSystem,
        _ when message.Contains("GLIBCXX_", StringComparison.Ordinal) => NewerSystem,
        _ when message.Contains("cannot open shared object file", StringComparison.Ordinal) =>
            "Install the library that is named (libstdc++.so.6 is in package libstdc++6 of Debian and Ubuntu, libstdc++ of Fedora), "
            + "or restore the package again if it is one of torch's own.",
        _ when message.Contains("undefined symbol", StringComparison.Ordinal) =>
            "TorchSharp and libtorch are of different versions: "
            + "reference the same version of TorchSharp and of TorchSharp-cpu (or TorchSharp-cuda-linux) everywhere.",
        _ when message.Contains("failed to map segment", StringComparison.Ordinal) =>
            "The folder may lie on a file system mounted noexec, or memory is short. Move the application, or raise the memory limit.",
        _ when OperatingSystem.IsWindows() => "Install the Microsoft Visual C++ Redistributable 2015-2022 (x64) and restore the package again.",
        _ => "Delete the libtorch packages from the NuGet cache, restore and build again. docs/native-runtime.md lists causes by symptom.",
    };
}

using System.Runtime.InteropServices;

namespace PeftStudio.Engine.Native;

/// <summary>The native files of libtorch and TorchSharp, as NuGet deployed them.</summary>
/// <param name="Dependencies">Paths in the order in which they are to be loaded.</param>
/// <param name="TorchSharp">Path of LibTorchSharp, which comes last.</param>
/// <param name="Backend">Kind of libtorch.</param>
internal sealed record NativeFiles(IReadOnlyList<string> Dependencies, string TorchSharp, NativeBackend Backend)
{
    /// <summary>c10 holds what the others share, torch only points to torch_cpu (and torch_cuda) but LibTorchSharp asks for it by name.</summary>
    private static readonly string[] CpuOrder = ["c10", "torch_cpu", "torch"];

    private static readonly string[] CudaOrder = ["c10", "c10_cuda", "torch_cpu", "torch_cuda", "torch"];

    /// <summary>Searches everywhere NuGet and the .NET host put native files.</summary>
    /// <exception cref="PeftStudioException">The platform has no libtorch, or a file is missing.</exception>
    internal static NativeFiles Find(NativeRuntimeOptions options) => Find(Folders(options, PortableRid()));

    /// <summary>Searches the folders in turn for each file.</summary>
    /// <exception cref="PeftStudioException">A file is missing.</exception>
    internal static NativeFiles Find(IReadOnlyList<string> folders)
    {
        var backend = TryFind(FileName("torch_cuda"), folders) is null ? NativeBackend.Cpu : NativeBackend.Cuda;
        return new NativeFiles(
            [.. (backend == NativeBackend.Cuda ? CudaOrder : CpuOrder).Select(name => Require(FileName(name), folders))],
            Require(FileName("LibTorchSharp"), folders),
            backend);
    }

    /// <summary>A library's file name on this system: <c>libtorch.so</c>, <c>torch.dll</c>, <c>libtorch.dylib</c>.</summary>
    internal static string FileName(string name) =>
        OperatingSystem.IsWindows() ? name + ".dll"
        : OperatingSystem.IsMacOS() ? $"lib{name}.dylib"
        : $"lib{name}.so";

    private static string PortableRid()
    {
        var architecture = RuntimeInformation.ProcessArchitecture;
        return architecture switch
        {
            Architecture.X64 when OperatingSystem.IsLinux() && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) => "linux-x64",
            Architecture.X64 when OperatingSystem.IsWindows() => "win-x64",
            Architecture.Arm64 when OperatingSystem.IsWindows() => "win-arm64",
            Architecture.Arm64 when OperatingSystem.IsMacOS() => "osx-arm64",
            _ => throw NativeErrors.UnsupportedPlatform(RuntimeInformation.RuntimeIdentifier),
        };
    }

    private static List<string> Folders(NativeRuntimeOptions options, string rid)
    {
        // A plug-in's TorchSharp lies beside the plug-in, not beside the application. A single file has no such location.
        var managed = Path.GetDirectoryName(typeof(TorchSharp.DeviceType).Assembly.Location);
        var host = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string?[] folders =
        [
            options.LibraryFolder,
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", rid, "native"),
            managed,
            string.IsNullOrEmpty(managed) ? null : Path.Combine(managed, "runtimes", rid, "native"),
            .. host.Split(Path.PathSeparator),
        ];
        return [.. folders.Where(f => !string.IsNullOrWhiteSpace(f)).Select(f => Path.TrimEndingDirectorySeparator(Path.GetFullPath(f!))).Distinct()];
    }

    private static string? TryFind(string file, IReadOnlyList<string> folders) =>
        folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static string Require(string file, IReadOnlyList<string> folders) =>
        TryFind(file, folders) ?? throw NativeErrors.MissingFile(file, folders);
}

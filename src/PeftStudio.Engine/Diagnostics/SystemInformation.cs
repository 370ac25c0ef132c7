using System.Reflection;
using System.Runtime.InteropServices;

namespace PeftStudio.Engine.Diagnostics;

/// <summary>The machine and the software that a run took place on; recorded with each run, so that figures can be compared.</summary>
public sealed record SystemInformation
{
    private static readonly Lazy<SystemInformation> Collected = new(() => new SystemInformation());

    private SystemInformation()
    {
    }

    /// <summary>This machine; collected once a process.</summary>
    public static SystemInformation Current => Collected.Value;

    /// <summary>The processor's name as it gives it itself, such as <c>AMD EPYC</c>.</summary>
    public string CpuName { get; } = Processor.Name();

    /// <summary>Instruction set extensions that matter here, in the kernel's spelling, such as <c>avx2</c> and <c>avx512_bf16</c>.</summary>
    public IReadOnlyList<string> CpuFeatures { get; } = Processor.Features();

    /// <summary>Logical processors that this process may use; a container's limit counts.</summary>
    public int Cores { get; } = Environment.ProcessorCount;

    /// <summary>Memory in bytes; a container's limit counts.</summary>
    public long MemoryBytes { get; } = SystemMemory.Read().TotalBytes;

    /// <summary>Name and version of the operating system.</summary>
    public string OperatingSystem { get; } = RuntimeInformation.OSDescription;

    /// <summary>Architecture of the process, such as <c>x64</c>.</summary>
    public string Architecture { get; } = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>Version of the .NET runtime, such as <c>.NET 10.0.12</c>.</summary>
    public string DotNetVersion { get; } = RuntimeInformation.FrameworkDescription;

    /// <summary>Version of PeftStudio.Engine.</summary>
    public string PeftStudioVersion { get; } = VersionOf(typeof(SystemInformation).Assembly);

    /// <summary>Version of TorchSharp; each goes with exactly one version of libtorch.</summary>
    public string TorchSharpVersion { get; } = VersionOf(typeof(TorchSharp.DeviceType).Assembly);

    /// <summary>The package's version, without the commit that the compiler appends.</summary>
    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString() ?? "unknown";
}

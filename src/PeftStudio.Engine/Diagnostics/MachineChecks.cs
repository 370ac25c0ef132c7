namespace PeftStudio.Engine.Diagnostics;

/// <summary>Findings on processor, memory and software.</summary>
internal static class MachineChecks
{
    internal static IEnumerable<DoctorFinding> Processor()
    {
        var system = SystemInformation.Current;
        yield return new DoctorFinding("processor", DoctorStatus.Ok, $"{system.CpuName}, {system.Cores} cores");
        yield return Instructions(system.CpuFeatures);
    }

    /// <summary>libtorch and the managed kernels fall back to plain code, so nothing here is an obstacle.</summary>
    internal static DoctorFinding Instructions(IReadOnlyList<string> features)
    {
        const string name = "instructions";
        var found = features.Count == 0 ? "no vector extensions" : string.Join(' ', features);
        if (features.Contains("neon")) return new DoctorFinding(name, DoctorStatus.Ok, found);
        if (!features.Contains("avx2"))
        {
            return new DoctorFinding(name, DoctorStatus.Warning, found + "; without avx2 training is many times slower",
                "Use a processor from 2015 or later; in a virtual machine, choose a CPU type that passes AVX2 through.");
        }

        return features.Contains("avx512_bf16") || features.Contains("amx_bf16")
            ? new DoctorFinding(name, DoctorStatus.Ok, found)
            : new DoctorFinding(name, DoctorStatus.Ok, found + "; no bf16 arithmetic, so bfloat16 saves memory but no time");
    }

    internal static IEnumerable<DoctorFinding> Memory(SystemMemory memory, long leastAvailableBytes)
    {
        var found = $"{ByteSize.Text(memory.AvailableBytes)} available of {ByteSize.Text(memory.TotalBytes)}"
            + (memory.IsLimited ? " (limit of the control group)" : "");
        yield return memory.AvailableBytes >= leastAvailableBytes
            ? new DoctorFinding("memory", DoctorStatus.Ok, found)
            : new DoctorFinding("memory", DoctorStatus.Warning, found,
                memory.IsLimited ? "Raise the memory limit of the container or service." : "Close other applications, or train with smaller batches.");
    }

    internal static IEnumerable<DoctorFinding> Software()
    {
        var system = SystemInformation.Current;
        yield return new DoctorFinding("system", DoctorStatus.Ok, $"{system.OperatingSystem}, {system.Architecture}");
        yield return new DoctorFinding(".NET", DoctorStatus.Ok, system.DotNetVersion);
        yield return new DoctorFinding("packages", DoctorStatus.Ok, $"PeftStudio {system.PeftStudioVersion}, TorchSharp {system.TorchSharpVersion}");
    }
}

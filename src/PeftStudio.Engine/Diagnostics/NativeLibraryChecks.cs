using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PeftStudio.Engine.Native;
using TorchSharp;

namespace PeftStudio.Engine.Diagnostics;

/// <summary>Loads libtorch, computes something small with it, and asks how many threads it uses.</summary>
internal static class NativeLibraryChecks
{
    internal static IEnumerable<DoctorFinding> Run(NativeRuntimeOptions? options)
    {
        var library = Load(options);
        yield return library;
        if (OperatingSystem.IsLinux()) yield return new DoctorFinding("C libraries", DoctorStatus.Ok, SystemLibraries.Describe());
        if (library.Status != DoctorStatus.Failed) yield return Threads(TorchThreads(), Environment.ProcessorCount);
    }

    /// <summary>libtorch counts the machine's cores and does not see a container's share of them.</summary>
    internal static DoctorFinding Threads(int threads, int cores) => threads <= cores
        ? new DoctorFinding("torch threads", DoctorStatus.Ok, $"{threads} on {cores} cores")
        : new DoctorFinding("torch threads", DoctorStatus.Warning, $"{threads} on {cores} cores: they will wait for each other",
            $"Set the environment variable OMP_NUM_THREADS={cores} before the process starts.");

    private static DoctorFinding Load(NativeRuntimeOptions? options)
    {
        const string name = "native library";
        try
        {
            var info = NativeRuntime.EnsureLoaded(options);
            var found = $"libtorch ({info.Backend switch { NativeBackend.Cuda => "CUDA", _ => "CPU" }}) in {info.TorchFolder}" + info.Repair switch
            {
                NativeRepair.CachedCopy => $"\nwith a repaired copy of LibTorchSharp: {info.LibraryPath}",
                NativeRepair.InMemory => "\nwith a repaired copy of LibTorchSharp in memory, since the cache cannot be written",
                _ => "",
            };
            return SumOfProduct() == 12f
                ? new DoctorFinding(name, DoctorStatus.Ok, found)
                : new DoctorFinding(name, DoctorStatus.Failed, found + "\nbut it computes wrong results", "Restore the packages again and run a memory test.");
        }
        catch (PeftStudioException e)
        {
            return new DoctorFinding(name, DoctorStatus.Failed, $"{e.Code} {e.Summary}: {e.Asked}\n{e.Found}", e.Remedy);
        }
        catch (TypeInitializationException e)
        {
            // TorchSharp tried by itself before, and failed; its first mention decides for the life of the process.
            return new DoctorFinding(name, DoctorStatus.Failed, $"TorchSharp gave up earlier in this process: {(e.InnerException ?? e).Message}",
                "Call NativeRuntime.EnsureLoaded before the first use of TorchSharp, and start the process again.");
        }
        catch (Exception e) when (e is EntryPointNotFoundException or ExternalException)
        {
            return new DoctorFinding(name, DoctorStatus.Failed, $"the library was loaded but does not work: {e.Message}",
                "Reference the same version of TorchSharp and of TorchSharp-cpu (or TorchSharp-cuda-linux, TorchSharp-cuda-windows) everywhere.");
        }
    }

    // Not inlined: the mention of torch in a method's body would load TorchSharp's natives before the method above runs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float SumOfProduct()
    {
        using var scope = torch.NewDisposeScope();
        return torch.ones(2, 3).matmul(torch.ones(3, 2)).sum().item<float>();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int TorchThreads() => torch.get_num_threads();
}

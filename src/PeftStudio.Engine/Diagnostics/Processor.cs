using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace PeftStudio.Engine.Diagnostics;

/// <summary>
/// Name and instruction sets of the processor. What .NET can use comes from .NET; bf16 and AMX, which libtorch uses and .NET does not know, come from
/// Linux's <c>/proc/cpuinfo</c> and are not told elsewhere.
/// </summary>
internal static class Processor
{
    private static readonly string[] OnlyKernelKnows = ["avx512_bf16", "avx512_fp16", "avx512_vnni", "amx_bf16", "amx_int8", "bf16", "i8mm", "sve"];

    internal static string Name()
    {
        if (X86Base.IsSupported)
        {
            // Leaves 80000002 to 80000004 hold 48 characters (AMD64 and Intel 64 manuals, CPUID).
            var text = new byte[48];
            var words = MemoryMarshal.Cast<byte, int>(text.AsSpan());
            for (var leaf = 0; leaf < 3; leaf++)
                (words[leaf * 4], words[leaf * 4 + 1], words[leaf * 4 + 2], words[leaf * 4 + 3]) = X86Base.CpuId(unchecked((int)0x8000_0002) + leaf, 0);
            var name = Encoding.ASCII.GetString(text).Trim('\0', ' ');
            if (name.Length > 0) return name;
        }

        return $"{RuntimeInformation.ProcessArchitecture} processor";
    }

    internal static IReadOnlyList<string> Features()
    {
        var features = new List<string>();
        void Add(string name, bool supported)
        {
            if (supported && !features.Contains(name)) features.Add(name);
        }

        Add("avx2", Avx2.IsSupported);
        Add("fma", Fma.IsSupported);
        Add("avx512f", Avx512F.IsSupported);
        Add("avx512bw", Avx512BW.IsSupported);
        Add("avx512_vbmi", Avx512Vbmi.IsSupported);
        Add("avx_vnni", AvxVnni.IsSupported);
        Add("neon", AdvSimd.IsSupported);
        Add("dotprod", Dp.IsSupported);
        foreach (var name in KernelFlags().Intersect(OnlyKernelKnows)) Add(name, supported: true);
        return features;
    }

    private static string[] KernelFlags()
    {
        if (!OperatingSystem.IsLinux()) return [];
        try
        {
            // "flags" on x86, "Features" on Arm; the first processor speaks for all.
            var line = File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal) || l.StartsWith("Features", StringComparison.Ordinal));
            return line?[(line.IndexOf(':') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

using System.Diagnostics;
using System.Globalization;

namespace PeftStudio.Engine.Diagnostics;

/// <summary>
/// Memory of this process that is in RAM, native and managed together. On Linux the kernel's own counters VmRSS and VmHWM of
/// <c>/proc/self/status</c>; elsewhere the working set.
/// </summary>
/// <param name="CurrentMegabytes">Resident now, in units of 2^20 bytes.</param>
/// <param name="PeakMegabytes">The most that was resident since the process began, in units of 2^20 bytes.</param>
public readonly record struct ProcessMemory(double CurrentMegabytes, double PeakMegabytes)
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>Reads both values; takes about 20 microseconds on Linux.</summary>
    public static ProcessMemory Read()
    {
        if (OperatingSystem.IsLinux() && FromStatus(File.ReadLines("/proc/self/status")) is { } memory) return memory;
        using var process = Process.GetCurrentProcess();
        var current = process.WorkingSet64 / Megabyte;

        // Some systems do not count a peak and say 0.
        return new ProcessMemory(current, Math.Max(current, process.PeakWorkingSet64 / Megabyte));
    }

    /// <summary>Lines such as <c>VmRSS:   167592 kB</c>; null if one of the two is missing.</summary>
    internal static ProcessMemory? FromStatus(IEnumerable<string> lines)
    {
        double? current = null, peak = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("VmHWM:", StringComparison.Ordinal)) peak = Kilobytes(line);
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal)) current = Kilobytes(line);
        }

        return current is { } c && peak is { } p ? new ProcessMemory(c, p) : null;
    }

    private static double? Kilobytes(string line) =>
        long.TryParse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value / 1024.0 : null;
}

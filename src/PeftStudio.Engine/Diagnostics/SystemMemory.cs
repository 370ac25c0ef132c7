namespace PeftStudio.Engine.Diagnostics;

/// <summary>Memory of the machine, or of the control group (container, service) that this process runs in if that is less.</summary>
/// <param name="TotalBytes">What this process and its neighbours may use at most.</param>
/// <param name="AvailableBytes">What can still be used without swapping or being stopped.</param>
/// <param name="IsLimited">Whether a control group's limit, not the machine, sets the total.</param>
public readonly record struct SystemMemory(long TotalBytes, long AvailableBytes, bool IsLimited)
{
    /// <summary>Reads the present values.</summary>
    public static SystemMemory Read()
    {
        if (OperatingSystem.IsLinux() && LinuxMemory.Read("/") is { } memory) return memory;

        // The collector asks the system, but only when it runs.
        var info = GC.GetGCMemoryInfo();
        if (info.MemoryLoadBytes == 0)
        {
            GC.Collect(0);
            info = GC.GetGCMemoryInfo();
        }

        return new SystemMemory(info.TotalAvailableMemoryBytes, Math.Max(0, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes), IsLimited: false);
    }
}

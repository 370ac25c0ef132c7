using System.Globalization;

namespace PeftStudio.Engine.Diagnostics;

/// <summary>
/// Reads <c>/proc/meminfo</c> and the memory limits of control groups, version 2 (<c>memory.max</c>) and 1 (<c>memory.limit_in_bytes</c>).
/// A group's limit holds for all below it, so the way from the process's group up to the root is walked.
/// </summary>
internal static class LinuxMemory
{
    /// <param name="root">Root of the file system; another one in tests.</param>
    internal static SystemMemory? Read(string root)
    {
        var machine = Fields(Path.Combine(root, "proc/meminfo"));
        if (!machine.TryGetValue("MemTotal", out var total) || !machine.TryGetValue("MemAvailable", out var available)) return null;
        var memory = new SystemMemory(total * 1024, available * 1024, IsLimited: false);
        foreach (var (folder, isSecond) in Groups(root)) memory = Limit(memory, folder, isSecond);
        return memory;
    }

    private static SystemMemory Limit(SystemMemory memory, string folder, bool isSecond)
    {
        // Version 2 says "max" where there is no limit, version 1 a number beyond any machine.
        if (Number(Path.Combine(folder, isSecond ? "memory.max" : "memory.limit_in_bytes")) is not { } limit) return memory;
        if (limit >= memory.TotalBytes && !memory.IsLimited) return memory;
        var used = Number(Path.Combine(folder, isSecond ? "memory.current" : "memory.usage_in_bytes")) ?? 0;

        // Cached file pages count as used but are given up first.
        var statistics = Fields(Path.Combine(folder, "memory.stat"));
        used -= statistics.GetValueOrDefault(isSecond ? "inactive_file" : "total_inactive_file");
        return new SystemMemory(
            Math.Min(memory.TotalBytes, limit),
            Math.Min(memory.AvailableBytes, Math.Max(0, limit - Math.Max(0, used))),
            IsLimited: true);
    }

    /// <summary>Folders of the process's groups that can limit memory, from the innermost outwards.</summary>
    private static IEnumerable<(string Folder, bool IsSecond)> Groups(string root)
    {
        foreach (var line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            // "0::/path" for version 2, "4:memory:/path" for version 1.
            if (line.Split(':', 3) is not [var hierarchy, var controllers, var path]) continue;
            var isSecond = hierarchy == "0" && controllers.Length == 0;
            if (!isSecond && !controllers.Split(',').Contains("memory")) continue;
            var top = Path.Combine(root, isSecond ? "sys/fs/cgroup" : "sys/fs/cgroup/memory");
            var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Contains("..")) parts = []; // A group outside of this namespace: only its top is visible here.
            for (var depth = parts.Length; depth >= 0; depth--) yield return (Path.Combine([top, .. parts[..depth]]), isSecond);
        }
    }

    /// <summary>Lines of the form <c>name: 123 kB</c> or <c>name 123</c>.</summary>
    private static Dictionary<string, long> Fields(string path)
    {
        var fields = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in Lines(path))
        {
            var parts = line.Split([' ', ':', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length >= 2 && Parse(parts[1]) is { } value) fields.TryAdd(parts[0], value);
        }

        return fields;
    }

    private static long? Number(string path) => Lines(path) is [var line, ..] ? Parse(line.Trim()) : null;

    private static long? Parse(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? (long)Math.Min(value, long.MaxValue) : null;

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

using System.Diagnostics;

namespace PeftStudio.Engine.Tests.Native;

/// <summary>Runs <see cref="ChildProgram"/> in a process of its own.</summary>
internal static class ChildProcess
{
    internal static async Task<(int ExitCode, string Output)> RunAsync(string cache = "", string libraries = "", string? repair = null, string? xdgCacheHome = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProgram).Assembly.Location, cache, libraries])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove(NativeRuntime.RepairVariable);
        if (repair is not null) start.Environment[NativeRuntime.RepairVariable] = repair;
        if (xdgCacheHome is not null) start.Environment["XDG_CACHE_HOME"] = xdgCacheHome;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}

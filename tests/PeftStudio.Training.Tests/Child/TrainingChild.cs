using System.Diagnostics;

namespace PeftStudio.Training.Tests.Child;

/// <summary>A training in a process of its own, which a test kills as <c>kill -9</c> does.</summary>
internal sealed class TrainingChild : IDisposable
{
    private readonly Process _process;

    private TrainingChild(Process process) => _process = process;

    internal bool HasExited => _process.HasExited;

    internal static TrainingChild Start(string verb, string dataset, string output)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])["exec", typeof(TrainingChild).Assembly.Location, verb, dataset, output]) start.ArgumentList.Add(argument);
        return new TrainingChild(Process.Start(start)!);
    }

    /// <summary>The next line that the training prints; null when it has ended.</summary>
    internal Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    /// <summary>Kills the process without a chance to clean up.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}

using PeftStudio.Training.Runs;

namespace PeftStudio.QuickStart;

/// <summary>Ctrl+C stops a run after its step and keeps a checkpoint; a second one ends it at once. SIGTERM does what the first does.</summary>
internal sealed class CtrlC : IDisposable
{
    private readonly List<IDisposable> _signals;
    private readonly TextWriter _output;
    private TrainingRun? _run;
    private int _count;

    internal CtrlC(TextWriter output)
    {
        _output = output;
        _signals =
        [
            System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, Handle),
            System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, Handle),
        ];
    }

    internal void Attach(TrainingRun run) => _run = run;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }

    private void Handle(System.Runtime.InteropServices.PosixSignalContext context)
    {
        // Before there is a run there is nothing to keep: the default action ends the program.
        if (_run is not { } run) return;
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _output.WriteLine("\n stopping after this step; once more stops at once");
            _ = run.StopAsync();
        }
        else
        {
            run.Abort();
        }
    }
}

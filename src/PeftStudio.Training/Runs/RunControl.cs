namespace PeftStudio.Training.Runs;

/// <summary>
/// What a caller wants of a run; the engine thread looks between steps. Nothing here is disposed: a caller may send a command
/// in the very moment in which the run ends, and none of it holds a handle of the system.
/// </summary>
#pragma warning disable CA1001 // see above
internal sealed class RunControl
#pragma warning restore CA1001
{
    private readonly ManualResetEventSlim _go = new(initialState: true);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();

    /// <summary>Whether to stop after the current step.</summary>
    internal bool StopRequested => _stop.IsCancellationRequested;

    /// <summary>Whether to pause after the current step.</summary>
    internal bool PauseRequested => !_go.IsSet && !StopRequested;

    /// <summary>Cancelled when the run must not begin, or must stop after the current step.</summary>
    internal CancellationToken Stopped => _stop.Token;

    /// <summary>Cancelled when the run must end at once.</summary>
    internal CancellationToken Aborted => _abort.Token;

    internal void Pause() => _go.Reset();

    internal void Resume() => _go.Set();

    internal void Stop()
    {
        _stop.Cancel();
        _go.Set();
    }

    internal void Abort()
    {
        Stop();
        _abort.Cancel();
    }

    /// <summary>Blocks the engine thread while the run is paused.</summary>
    internal void WaitWhilePaused() => _go.Wait(_abort.Token);
}

namespace PeftStudio.Training.Runs;

/// <summary>What a caller wants of a run; the engine thread looks between steps.</summary>
internal sealed class RunControl : IDisposable
{
    private readonly ManualResetEventSlim _go = new(initialState: true);
    private readonly CancellationTokenSource _abort = new();

    /// <summary>Whether to stop after the current step.</summary>
    internal bool StopRequested { get; private set; }

    /// <summary>Whether to pause after the current step.</summary>
    internal bool PauseRequested => !_go.IsSet && !StopRequested;

    /// <summary>Cancelled when the run must end at once.</summary>
    internal CancellationToken Aborted => _abort.Token;

    internal void Pause() => _go.Reset();

    internal void Resume() => _go.Set();

    internal void Stop()
    {
        StopRequested = true;
        _go.Set();
    }

    internal void Abort()
    {
        Stop();
        _abort.Cancel();
    }

    /// <summary>Blocks the engine thread while the run is paused.</summary>
    internal void WaitWhilePaused() => _go.Wait(_abort.Token);

    public void Dispose()
    {
        _go.Dispose();
        _abort.Dispose();
    }
}

namespace PeftStudio.Training.Runs;

/// <summary>A training that goes on: watch it, pause it, resume it, stop it, await its result. Thread-safe.</summary>
public sealed class TrainingRun
{
    private readonly RunEventLog _events;
    private readonly RunControl _control;
    private readonly TaskCompletionSource<TrainedAdapter> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private TaskCompletionSource _stateChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal TrainingRun(string id, string folder, RunEventLog events, RunControl control)
    {
        Id = id;
        Folder = folder;
        _events = events;
        _control = control;
    }

    /// <summary>Identifies the run among those of its output folder.</summary>
    public string Id { get; }

    /// <summary>Folder of the run.</summary>
    public string Folder { get; }

    /// <summary>The state now.</summary>
    public RunState State { get; private set; } = RunState.Created;

    /// <summary>
    /// The result. Fails with the error that ended the run; is cancelled when the run was stopped, whose checkpoint is then on disk.
    /// </summary>
    public Task<TrainedAdapter> Completion => _completion.Task;

    /// <summary>Events of the run, past and coming, in order; ends with the run.</summary>
    /// <param name="from">Number of the first event, to go on after a break without loss or double.</param>
    /// <param name="cancellationToken">Stops watching; the run goes on.</param>
    public IAsyncEnumerable<TrainingEvent> WatchAsync(long from = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        return _events.ReadAsync(from, cancellationToken);
    }

    /// <summary>Saves a checkpoint after the current step and halts.</summary>
    /// <param name="cancellationToken">Stops waiting; the request stands.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidRunState"/>: the run has ended.</exception>
    public async Task PauseAsync(CancellationToken cancellationToken = default)
    {
        Require("pause", s => !IsFinal(s));
        _control.Pause();
        await WaitForAsync(s => s == RunState.Paused || IsFinal(s), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes on after a pause.</summary>
    /// <param name="cancellationToken">Stops waiting; the request stands.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidRunState"/>: the run is not paused.</exception>
    public async Task ResumeAsync(CancellationToken cancellationToken = default)
    {
        Require("resume", s => s == RunState.Paused);
        _control.Resume();
        await WaitForAsync(s => s != RunState.Paused, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Saves a checkpoint after the current step and ends the run. Stopping a run that has ended does nothing.</summary>
    /// <param name="cancellationToken">Stops waiting; the request stands.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (IsFinal(State)) return;
        _control.Stop();
        await WaitForAsync(IsFinal, cancellationToken).ConfigureAwait(false);
        await _completion.Task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
    }

    /// <summary>Ends the run without waiting for the step; the last checkpoint stays.</summary>
    public void Abort()
    {
        if (!IsFinal(State)) _control.Abort();
    }

    internal void ChangeState(RunState state, string detail = "")
    {
        TaskCompletionSource wake;
        lock (_gate)
        {
            State = state;
            (wake, _stateChanged) = (_stateChanged, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        _events.Add((n, t) => new StateChanged(n, t, state, detail));
        wake.TrySetResult();
    }

    internal void Succeed(TrainedAdapter adapter)
    {
        ChangeState(RunState.Completed, adapter.Folder);
        End();
        _completion.TrySetResult(adapter);
    }

    internal void EndStopped(string detail)
    {
        ChangeState(RunState.Stopped, detail);
        End();
        _completion.TrySetCanceled(CancellationToken.None);
    }

    internal void Fail(Exception error)
    {
        ChangeState(RunState.Failed, error.Message);
        End();
        _completion.TrySetException(error);
        _ = _completion.Task.Exception; // observed: a caller that only watches must not be surprised by it later
    }

    private static bool IsFinal(RunState state) => state is RunState.Completed or RunState.Failed or RunState.Stopped;

    private void End() => _events.Complete();

    private void Require(string command, Func<RunState, bool> allowed)
    {
        var state = State;
        if (allowed(state)) return;
        throw new PeftStudioException(
            ErrorCodes.InvalidRunState, "the run's state forbids this", $"to {command} run {Id}", $"the run is {state.ToString().ToLowerInvariant()}",
            "look at State first; an ended run is continued by starting it again with Resume");
    }

    private async Task WaitForAsync(Func<RunState, bool> reached, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (reached(State)) return;
                changed = _stateChanged.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}

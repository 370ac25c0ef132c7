namespace PeftStudio.Training.Runs;

/// <summary>Starts runs. The engine trains one run of a process at a time: libtorch's threads and its random state are shared.</summary>
public sealed class RunStarter(TimeProvider clock)
{
    private static readonly SemaphoreSlim Engine = new(1, 1);

    /// <summary>Checks a request and starts to train it on a thread of its own.</summary>
    /// <param name="request">What to train.</param>
    /// <param name="cancellationToken">Cancels the checks; a started run is stopped through its handle.</param>
    /// <exception cref="PeftStudioException">What is wrong with the request; nothing was started.</exception>
    public async Task<TrainingRun> StartAsync(RunRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var preparation = await Task.Run(() => RunPreparation.PrepareAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        try
        {
            RunRecord.Write(request, figures: null);
            var events = new RunEventLog(clock);
            var control = new RunControl();
            var run = new TrainingRun(preparation.Fingerprint[..4], request.Output, events, control);
            run.ChangeState(RunState.Queued);
            _ = ExecuteAsync(preparation, run, control, events);
            return run;
        }
        catch
        {
            preparation.Dispose();
            throw;
        }
    }

    private async Task ExecuteAsync(RunPreparation preparation, TrainingRun run, RunControl control, RunEventLog events)
    {
        using (preparation)
        {
            try
            {
                await Engine.WaitAsync(control.Stopped).ConfigureAwait(false);
                try
                {
                    var adapter = await Task.Factory.StartNew(
                        () => new RunWorker(preparation, run, control, events, clock).Execute(),
                        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
                    if (adapter is null) run.EndStopped(preparation.Store.Latest ?? string.Empty);
                    else run.Succeed(adapter);
                }
                finally
                {
                    Engine.Release();
                }
            }
            catch (OperationCanceledException) when (control.StopRequested)
            {
                run.EndStopped(preparation.Store.Latest ?? "before the first checkpoint");
            }
            catch (Exception error)
            {
                run.Fail(error);
            }
        }
    }
}

using PeftStudio.TestSupport;
using PeftStudio.Training.Runs;

namespace PeftStudio.Training.Tests.Runs;

/// <summary>Commands to a run and the states they lead to (9.8, R5.6, R5.14).</summary>
[TestFixture]
public sealed class RunCommandTests
{
    private TemporaryFolder _folder = null!;
    private string _dataset = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _dataset = TinyRun.WriteDataset(_folder.Path);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task States_of_a_run_follow_each_other()
    {
        await using var studio = TinyRun.Host();
        var run = await TinyRun.Describe(studio, _dataset, _folder.At("run")).StartAsync();
        var adapter = await run.Completion;
        Assert.That(run.State, Is.EqualTo(RunState.Completed));
        Assert.That(adapter.Folder, Is.EqualTo(RunFolder.Adapter(run.Folder)));
        Assert.That(await StatesAsync(run), Is.EqualTo(new[] { RunState.Queued, RunState.Initializing, RunState.Running, RunState.Completed }));
    }

    [Test]
    public async Task A_pause_inside_a_step_takes_effect_after_this_step()
    {
        await using var held = await HeldRun.InsideStepAsync(3, _dataset, _folder.At("run"));
        var pausing = held.Run.PauseAsync();
        Assert.That(held.Run.State, Is.EqualTo(RunState.Running));
        held.Release();
        await pausing;
        Assert.That(held.Run.State, Is.EqualTo(RunState.Paused));
        Assert.That(Checkpoints.States.Read(held.Run.Folder, 3).GlobalStep, Is.EqualTo(3));

        await held.Run.ResumeAsync();
        await held.Run.Completion;

        Assert.That(await StatesAsync(held.Run), Is.EqualTo(new[]
        {
            RunState.Queued, RunState.Initializing, RunState.Running, RunState.Paused, RunState.Running, RunState.Completed,
        }));
    }

    [Test]
    public async Task Pausing_a_paused_run_changes_nothing()
    {
        await using var held = await HeldRun.InsideStepAsync(2, _dataset, _folder.At("run"));
        var first = held.Run.PauseAsync();
        var second = held.Run.PauseAsync();
        held.Release();
        await Task.WhenAll(first, second, held.Run.PauseAsync());
        await held.Run.PauseAsync();
        Assert.That((await StatesAsync(held.Run, RunState.Paused)).Count(s => s == RunState.Paused), Is.EqualTo(1));
    }

    [Test]
    public async Task Giving_up_waiting_for_a_pause_leaves_the_request_standing()
    {
        await using var held = await HeldRun.InsideStepAsync(2, _dataset, _folder.At("run"));
        using var patience = new CancellationTokenSource();
        var pausing = held.Run.PauseAsync(patience.Token);
        await patience.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => pausing);
        held.Release();
        await foreach (var happened in held.Run.WatchAsync())
        {
            if (happened is StateChanged { State: RunState.Paused }) break;
        }

        Assert.That(held.Run.State, Is.EqualTo(RunState.Paused));
    }

    [Test]
    public async Task Stopping_twice_is_no_error()
    {
        await using var held = await HeldRun.InsideStepAsync(2, _dataset, _folder.At("run"));
        var first = held.Run.StopAsync();
        var second = held.Run.StopAsync();
        held.Release();
        await Task.WhenAll(first, second);
        await held.Run.StopAsync();
        held.Run.Abort();
        Assert.That(held.Run.State, Is.EqualTo(RunState.Stopped));
    }

    [Test]
    public async Task Completion_is_cancelled_when_a_stop_returns()
    {
        await using var held = await HeldRun.InsideStepAsync(2, _dataset, _folder.At("run"));
        var stopping = held.Run.StopAsync();
        Assert.That(held.Run.Completion.IsCompleted, Is.False);
        held.Release();
        await stopping;
        Assert.That(held.Run.Completion.IsCanceled, Is.True);
    }

    [Test]
    public async Task A_paused_run_can_be_stopped()
    {
        await using var held = await HeldRun.InsideStepAsync(2, _dataset, _folder.At("run"));
        var pausing = held.Run.PauseAsync();
        held.Release();
        await pausing;
        await held.Run.StopAsync();
        Assert.That(await StatesAsync(held.Run), Is.EqualTo(new[]
        {
            RunState.Queued, RunState.Initializing, RunState.Running, RunState.Paused, RunState.Stopped,
        }));
    }

    [Test]
    public async Task A_paused_run_can_be_aborted()
    {
        await using var held = await HeldRun.InsideStepAsync(2, _dataset, _folder.At("run"));
        var pausing = held.Run.PauseAsync();
        held.Release();
        await pausing;
        held.Run.Abort();
        await Assert.CatchAsync<OperationCanceledException>(() => held.Run.Completion);
        Assert.That(held.Run.State, Is.EqualTo(RunState.Stopped));
    }

    [Test]
    public async Task A_stop_while_the_model_is_loaded_ends_the_run_before_its_first_step()
    {
        var clock = new StepClock();
        await using var studio = TinyRun.Host(clock);
        var started = new TaskCompletionSource<TrainingRun>(TaskCreationOptions.RunContinuationsAsynchronously);
        clock.AtEvent(1, () => _ = started.Task.GetAwaiter().GetResult().StopAsync()); // event 1: initializing
        var run = await TinyRun.Describe(studio, _dataset, _folder.At("run")).StartAsync();
        started.SetResult(run);
        await Assert.CatchAsync<OperationCanceledException>(() => run.Completion);
        Assert.That(run.State, Is.EqualTo(RunState.Stopped));
        Assert.That(await EventsAsync(run), Has.None.InstanceOf<StepCompleted>());
    }

    [Test]
    public async Task Commands_to_an_ended_run_are_refused_and_change_nothing()
    {
        await using var studio = TinyRun.Host();
        var run = await TinyRun.Describe(studio, _dataset, _folder.At("run")).StartAsync();
        await run.Completion;
        var events = await EventsAsync(run);
        foreach (var command in (Func<Task>[])[() => run.PauseAsync(), () => run.ResumeAsync()])
        {
            var refusal = await Assert.CatchAsync<PeftStudioException>(() => command());
            Assert.That(refusal!.Code, Is.EqualTo(ErrorCodes.InvalidRunState));
            Assert.That(refusal.Message, Does.Contain("completed").And.Contain(run.Id));
        }

        await run.StopAsync();
        Assert.That(run.State, Is.EqualTo(RunState.Completed));
        Assert.That(await EventsAsync(run), Is.EqualTo(events));
    }

    [Test]
    public async Task Resuming_a_run_that_is_not_paused_is_refused()
    {
        await using var held = await HeldRun.InsideStepAsync(1, _dataset, _folder.At("run"));
        var refusal = await Assert.CatchAsync<PeftStudioException>(() => held.Run.ResumeAsync());
        Assert.That(refusal!.Code, Is.EqualTo(ErrorCodes.InvalidRunState));
        Assert.That(refusal.Message, Does.Contain("running"));
    }

    internal static async Task<List<TrainingEvent>> EventsAsync(TrainingRun run)
    {
        var events = new List<TrainingEvent>();
        await foreach (var happened in run.WatchAsync()) events.Add(happened);
        return events;
    }

    /// <summary>States in order, to the end or to the first time that a state is reached.</summary>
    internal static async Task<List<RunState>> StatesAsync(TrainingRun run, RunState? until = null)
    {
        var states = new List<RunState>();
        await foreach (var happened in run.WatchAsync())
        {
            if (happened is not StateChanged changed) continue;
            states.Add(changed.State);
            if (changed.State == until) break;
        }

        return states;
    }
}

using PeftStudio.TestSupport;
using PeftStudio.Training.Runs;

namespace PeftStudio.Training.Tests.Runs;

/// <summary>A run that is stopped or paused and goes on gives the same bytes as one that was never interrupted (R5.6, R5.7, R5.8, G6, CW-20).</summary>
[TestFixture]
public sealed class ResumeTests
{
    private TemporaryFolder _folder = null!;
    private string _dataset = null!;
    private string _uninterrupted = null!;

    [OneTimeSetUp]
    public async Task TrainWithoutInterruption()
    {
        _folder = new TemporaryFolder();
        _dataset = TinyRun.WriteDataset(_folder.Path);
        _uninterrupted = _folder.At("uninterrupted");
        await TinyRun.TrainAsync(_dataset, _uninterrupted);
    }

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task A_run_stopped_at_any_step_and_resumed_gives_the_same_bytes([Range(1, TinyRun.Steps - 1)] int step)
    {
        var output = _folder.At($"stopped-{step}");
        var run = await InterruptAsync(output, step, r => r.StopAsync());
        await Assert.CatchAsync<OperationCanceledException>(() => run.Completion);
        Assert.That(run.State, Is.EqualTo(RunState.Stopped));
        Assert.That(File.Exists(Path.Combine(RunFolder.Checkpoints(output), $"checkpoint-{step}", "trainer_state.json")), Is.True, "a stop leaves the step's checkpoint");
        Assert.That(Directory.Exists(RunFolder.Adapter(output)), Is.False, "a stopped run has no result");

        await TinyRun.ResumeAsync(output);

        RunResults.AssertSame(_uninterrupted, output);
    }

    [Test]
    public async Task A_stop_inside_the_last_step_lets_the_run_finish()
    {
        var output = _folder.At("stopped-at-the-end");
        var run = await InterruptAsync(output, TinyRun.Steps, r => r.StopAsync());
        await run.Completion;
        Assert.That(run.State, Is.EqualTo(RunState.Completed), "nothing was left to stop");
        RunResults.AssertSame(_uninterrupted, output);
    }

    [Test]
    public async Task A_run_stopped_again_and_again_gives_the_same_bytes([Values(1, 2, 3)] int seed)
    {
        var output = _folder.At($"stopped-often-{seed}");
        var random = new Random(seed);
        var done = random.Next(1, 4);
        await Stopped(await InterruptAsync(output, done, r => r.StopAsync()));
        for (var more = random.Next(1, 4); done + more < TinyRun.Steps; more = random.Next(1, 4))
        {
            done += more;
            await Stopped(await InterruptAsync(output, more, r => r.StopAsync(), resume: true));
        }

        await TinyRun.ResumeAsync(output);

        RunResults.AssertSame(_uninterrupted, output);

        static async Task Stopped(TrainingRun run) => await Assert.CatchAsync<OperationCanceledException>(() => run.Completion);
    }

    [Test]
    public async Task A_run_paused_and_resumed_gives_the_same_bytes([Values(1, 2, 3)] int seed)
    {
        var output = _folder.At($"paused-{seed}");
        var step = new Random(seed).Next(1, TinyRun.Steps);
        var run = await InterruptAsync(output, step, r => r.PauseAsync());
        Assert.That(run.State, Is.EqualTo(RunState.Paused));
        Assert.That(Directory.Exists(Path.Combine(RunFolder.Checkpoints(output), $"checkpoint-{step}")), Is.True, "a pause saves the step");

        await run.ResumeAsync();
        await run.Completion;

        RunResults.AssertSame(_uninterrupted, output);
    }

    [Test]
    public async Task A_run_left_paused_by_its_process_is_resumed_from_the_pause()
    {
        var output = _folder.At("paused-then-stopped");
        var run = await InterruptAsync(output, 4, r => r.PauseAsync());
        await run.StopAsync();
        await TinyRun.ResumeAsync(output);
        RunResults.AssertSame(_uninterrupted, output);
    }

    [Test]
    public async Task A_run_whose_folder_was_moved_is_resumed()
    {
        var output = _folder.At("before-the-move");
        await InterruptAsync(output, 3, r => r.StopAsync());
        var moved = _folder.At("after-the-move");
        Directory.Move(output, moved);
        await TinyRun.ResumeAsync(moved);
        RunResults.AssertSame(_uninterrupted, moved);
    }

    [Test]
    public async Task A_finished_run_that_is_resumed_stays_what_it_is()
    {
        var output = _folder.At("finished");
        await TinyRun.TrainAsync(_dataset, output);
        var adapter = await TinyRun.ResumeAsync(output);
        Assert.That(adapter.Figures.Steps, Is.EqualTo(TinyRun.Steps));
        RunResults.AssertSame(_uninterrupted, output);
    }

    [Test]
    public async Task A_run_resumed_under_another_culture_gives_the_same_bytes()
    {
        var output = _folder.At("culture");
        var before = System.Globalization.CultureInfo.DefaultThreadCurrentCulture;
        try
        {
            System.Globalization.CultureInfo.DefaultThreadCurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("de-DE");
            System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("de-DE");
            await InterruptAsync(output, 2, r => r.StopAsync());
        }
        finally
        {
            System.Globalization.CultureInfo.DefaultThreadCurrentCulture = before;
            System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.InvariantCulture;
        }

        await TinyRun.ResumeAsync(output);
        RunResults.AssertSame(_uninterrupted, output);
    }

    [Test]
    public async Task Seconds_and_tokens_of_a_resumed_run_are_those_of_all_its_parts()
    {
        var output = _folder.At("figures");
        await InterruptAsync(output, 6, r => r.StopAsync());
        var state = Checkpoints.States.Read(output, 6);
        var adapter = await TinyRun.ResumeAsync(output);
        Assert.That(adapter.Figures.Seconds, Is.GreaterThan(state.Seconds));
        Assert.That(Checkpoints.States.Read(output, TinyRun.Steps).Tokens, Is.EqualTo(Checkpoints.States.Read(_uninterrupted, TinyRun.Steps).Tokens));
    }

    // Sends the command from inside a step, as a person would at any time, and waits until it has taken effect.
    private async Task<TrainingRun> InterruptAsync(string output, int step, Func<TrainingRun, Task> command, bool resume = false)
    {
        var clock = new StepClock();
        await using var studio = TinyRun.Host(clock);
        var started = new TaskCompletionSource<TrainingRun>(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        clock.AtStep(step, () => sent.SetResult(command(started.Task.GetAwaiter().GetResult())));
        var run = resume ? await studio.ResumeAsync(output) : await TinyRun.Describe(studio, _dataset, output).StartAsync();
        started.SetResult(run);
        await await sent.Task;
        return run;
    }
}

using PeftStudio.TestSupport;
using PeftStudio.Training.Runs;

namespace PeftStudio.Training.Tests.Runs;

/// <summary>Events of a run: numbered, in order, to be followed again from any number, never a brake on the run (R5.3, 9.8).</summary>
[TestFixture]
public sealed class RunWatchTests
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
    public async Task Events_are_numbered_without_gaps_and_tell_the_whole_run()
    {
        await using var studio = TinyRun.Host();
        var run = await TinyRun.Describe(studio, _dataset, _folder.At("run")).StartAsync();
        var events = await RunCommandTests.EventsAsync(run);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(events.Select(e => e.Sequence), Is.EqualTo(Enumerable.Range(0, events.Count).Select(i => (long)i)));
            Assert.That(events.Select(e => e.Time), Is.Ordered);
            Assert.That(events.OfType<StepCompleted>().Select(e => e.Metrics.Step), Is.EqualTo(Enumerable.Range(1, TinyRun.Steps)));
            Assert.That(events.OfType<Evaluated>().Select(e => e.Step), Is.EqualTo(new[] { 0, 5, 10, TinyRun.Steps }));
            Assert.That(events.OfType<CheckpointSaved>().Select(e => e.Step), Is.EqualTo(new[] { 5, 10, TinyRun.Steps }));
            Assert.That(events.OfType<TrainingPlanned>().Single().Plan.TotalSteps, Is.EqualTo(TinyRun.Steps));
            Assert.That(events.Select(e => e.ToString()), Has.None.Empty);
        }
    }

    [Test]
    public async Task A_step_carries_its_figures()
    {
        await using var studio = TinyRun.Host();
        var run = await TinyRun.Describe(studio, _dataset, _folder.At("run")).StartAsync();
        var steps = (await RunCommandTests.EventsAsync(run)).OfType<StepCompleted>().Select(e => e.Metrics).ToArray();
        var plan = (await RunCommandTests.EventsAsync(run)).OfType<TrainingPlanned>().Single().Plan;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(steps, Has.All.Property(nameof(StepMetrics.TotalSteps)).EqualTo(TinyRun.Steps));
            Assert.That(steps, Has.All.Property(nameof(StepMetrics.Loss)).InRange(1, 10));
            Assert.That(steps, Has.All.Property(nameof(StepMetrics.GradientNorm)).Positive);
            Assert.That(steps, Has.All.Property(nameof(StepMetrics.TokensPerSecond)).Positive);
            Assert.That(steps, Has.All.Property(nameof(StepMetrics.MemoryMb)).GreaterThan(1));
            Assert.That(steps.Select(s => s.Elapsed), Is.Ordered);
            Assert.That(steps[^1].Remaining, Is.EqualTo(TimeSpan.Zero));
            Assert.That(steps[0].LearningRate, Is.Zero, "the first step of a warm-up");
            Assert.That(steps.Max(s => s.LearningRate), Is.EqualTo(5e-3).Within(1e-12));
            Assert.That(steps.Select(s => s.Epoch), Is.EqualTo(steps.Select(s => (double)s.Step / plan.StepsPerEpoch)));
        }
    }

    [Test]
    public async Task A_watcher_goes_on_from_any_number_without_loss_or_double()
    {
        await using var studio = TinyRun.Host();
        var run = await TinyRun.Describe(studio, _dataset, _folder.At("run")).StartAsync();
        var broken = new List<TrainingEvent>();
        while (broken.Count == 0 || broken[^1] is not StateChanged { State: RunState.Completed })
        {
            // Breaks off after three events, again and again, as a page with a bad connection does.
            var taken = 0;
            await foreach (var happened in run.WatchAsync(broken.Count))
            {
                broken.Add(happened);
                if (++taken == 3) break;
            }
        }

        Assert.That(broken, Is.EqualTo(await RunCommandTests.EventsAsync(run)));
    }

    [Test]
    public async Task Watching_from_behind_the_last_event_ends_with_the_run([Values(1000L, long.MaxValue)] long from)
    {
        await using var studio = TinyRun.Host();
        var run = await TinyRun.Describe(studio, _dataset, _folder.At("run")).StartAsync();
        var seen = 0;
        await foreach (var happened in run.WatchAsync(from)) seen++;
        Assert.That(seen, Is.Zero);
        Assert.That(run.State, Is.EqualTo(RunState.Completed));
    }

    [Test]
    public async Task A_negative_number_is_refused()
    {
        await using var held = await HeldRun.InsideStepAsync(1, _dataset, _folder.At("run"));
        Assert.That(() => held.Run.WatchAsync(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task A_watcher_that_reads_nothing_does_not_hold_the_run_up()
    {
        await using var studio = TinyRun.Host();
        var run = await TinyRun.Describe(studio, _dataset, _folder.At("run")).StartAsync();
        await using var idle = run.WatchAsync().GetAsyncEnumerator();
        await idle.MoveNextAsync();
        await run.Completion;
        Assert.That(idle.Current, Is.InstanceOf<StateChanged>());
        Assert.That(await idle.MoveNextAsync(), Is.True, "what it has not read is still there");
    }

    [Test]
    public async Task A_watcher_that_is_cancelled_leaves_the_run_alone()
    {
        await using var held = await HeldRun.InsideStepAsync(2, _dataset, _folder.At("run"));
        using var enough = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            await foreach (var happened in held.Run.WatchAsync(0, enough.Token))
            {
            }
        });
        await enough.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => watching);
        Assert.That(held.Run.State, Is.EqualTo(RunState.Running));
        held.Release();
        await held.Run.Completion;
    }

    [Test]
    public async Task Many_watchers_see_the_same()
    {
        await using var studio = TinyRun.Host();
        var run = await TinyRun.Describe(studio, _dataset, _folder.At("run")).StartAsync();
        var watchers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => RunCommandTests.EventsAsync(run))));
        Assert.That(watchers, Has.All.EqualTo(watchers[0]));
    }
}

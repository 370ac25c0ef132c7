using PeftStudio.TestSupport;
using PeftStudio.Training.Runs;

namespace PeftStudio.Training.Tests.Runs;

/// <summary>The engine trains one run at a time; others wait as queued and can be told to stop or pause while they wait (9.8).</summary>
[TestFixture]
public sealed class RunQueueTests
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
    public async Task A_second_run_waits_until_the_first_has_ended()
    {
        await using var held = await HeldRun.InsideStepAsync(1, _dataset, _folder.At("first"));
        await using var studio = TinyRun.Host();
        var second = await TinyRun.Describe(studio, _dataset, _folder.At("second")).StartAsync();
        Assert.That(second.State, Is.EqualTo(RunState.Queued));

        held.Release();
        await second.Completion;

        Assert.That(held.Run.State, Is.EqualTo(RunState.Completed));
        Assert.That(RunResults.Hash(second.Folder), Is.EqualTo(RunResults.Hash(held.Run.Folder)), "runs do not disturb each other");
    }

    [Test]
    public async Task A_run_that_waits_is_stopped_at_once()
    {
        await using var held = await HeldRun.InsideStepAsync(1, _dataset, _folder.At("first"));
        await using var studio = TinyRun.Host();
        var second = await TinyRun.Describe(studio, _dataset, _folder.At("second")).StartAsync();

        await second.StopAsync(); // the first run still holds the engine

        Assert.That(second.Completion.IsCanceled, Is.True);
        Assert.That(await RunCommandTests.StatesAsync(second), Is.EqualTo(new[] { RunState.Queued, RunState.Stopped }));
        held.Release();
        await held.Run.Completion;
    }

    [Test]
    public async Task A_run_that_waits_can_be_aborted()
    {
        await using var held = await HeldRun.InsideStepAsync(1, _dataset, _folder.At("first"));
        await using var studio = TinyRun.Host();
        var second = await TinyRun.Describe(studio, _dataset, _folder.At("second")).StartAsync();
        second.Abort();
        await Assert.CatchAsync<OperationCanceledException>(() => second.Completion);
        Assert.That(second.State, Is.EqualTo(RunState.Stopped));
    }

    [Test]
    public async Task A_run_that_was_stopped_while_it_waited_can_be_resumed()
    {
        await using (var held = await HeldRun.InsideStepAsync(1, _dataset, _folder.At("first")))
        {
            await using var studio = TinyRun.Host();
            var second = await TinyRun.Describe(studio, _dataset, _folder.At("second")).StartAsync();
            await second.StopAsync();
            held.Release();
            await held.Run.Completion;
        }

        await TinyRun.ResumeAsync(_folder.At("second"));
        RunResults.AssertSame(_folder.At("first"), _folder.At("second"));
    }

    [Test]
    public async Task A_run_that_is_told_to_pause_while_it_waits_pauses_before_its_first_step()
    {
        await using var held = await HeldRun.InsideStepAsync(1, _dataset, _folder.At("first"));
        await using var studio = TinyRun.Host();
        var second = await TinyRun.Describe(studio, _dataset, _folder.At("second")).StartAsync();
        var pausing = second.PauseAsync();
        held.Release();
        await pausing;
        Assert.That(Checkpoints.States.Read(second.Folder, 0).GlobalStep, Is.Zero);
        await second.ResumeAsync();
        await second.Completion;
        RunResults.AssertSame(_folder.At("first"), _folder.At("second"));
    }

    [Test]
    public async Task A_run_that_fails_lets_the_next_one_go_on()
    {
        await using var held = await HeldRun.InsideStepAsync(1, _dataset, _folder.At("first"));
        await using var studio = TinyRun.Host();
        var broken = await TinyRun.Describe(studio, _dataset, _folder.At("broken")).StartAsync();
        var third = await TinyRun.Describe(studio, _dataset, _folder.At("third")).StartAsync();
        File.WriteAllText(RunFolder.Checkpoints(_folder.At("broken")), "a file where the checkpoints' folder should be");
        held.Release();
        var failure = await Assert.CatchAsync<PeftStudioException>(() => broken.Completion);
        Assert.That(failure!.Code, Is.EqualTo(ErrorCodes.OutputNotWritable));
        await third.Completion;
    }
}

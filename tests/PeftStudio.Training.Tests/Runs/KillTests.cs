using PeftStudio.TestSupport;
using PeftStudio.Training.Runs;
using PeftStudio.Training.Tests.Child;

namespace PeftStudio.Training.Tests.Runs;

/// <summary>
/// A training process that is killed (kill -9) at any moment is resumed and gives the same bytes as one that was never killed (R5.7, R5.8, G7).
/// The moment is random, what is asserted holds for every moment.
/// </summary>
[TestFixture]
public sealed class KillTests
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
        await TinyRun.TrainAsync(_dataset, _uninterrupted, saveEvery: 1);
    }

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task A_run_killed_at_a_random_event_is_resumed_with_the_same_bytes([Values(1, 2, 3)] int seed)
    {
        var output = _folder.At($"event-{seed}");
        using (var child = TrainingChild.Start("train", _dataset, output))
        {
            // A step prints three lines with a checkpoint each step: step, evaluation, checkpoint.
            for (var lines = new Random(seed).Next(4, 3 * TinyRun.Steps); lines > 0; lines--) await child.ReadLineAsync();
            await child.KillAsync();
        }

        await TinyRun.ResumeAsync(output);

        RunResults.AssertSame(_uninterrupted, output);
    }

    [Test]
    public async Task A_run_killed_while_it_writes_a_checkpoint_is_resumed_with_the_same_bytes([Values(0, 2, 4, 5)] int filesWritten)
    {
        var output = _folder.At($"checkpoint-{filesWritten}");
        using (var child = TrainingChild.Start("train", _dataset, output))
        {
            while (!child.HasExited && FilesInWork(output) < filesWritten) Thread.SpinWait(50);
            await child.KillAsync();
        }

        await TinyRun.ResumeAsync(output);

        RunResults.AssertSame(_uninterrupted, output);
    }

    [Test]
    public async Task A_run_killed_before_its_first_checkpoint_begins_again_with_the_same_bytes()
    {
        var output = _folder.At("at-once");
        using (var child = TrainingChild.Start("train", _dataset, output))
        {
            await child.ReadLineAsync();
            await child.KillAsync();
        }

        Assert.That(File.Exists(RunFolder.Record(output)), Is.True, "what is needed to resume is written before the training starts");
        await TinyRun.ResumeAsync(output);

        RunResults.AssertSame(_uninterrupted, output);
    }

    [Test]
    public async Task A_run_killed_again_and_again_ends_with_the_same_bytes([Values(5)] int seed)
    {
        var output = _folder.At($"often-{seed}");
        var random = new Random(seed);
        for (var (kill, verb) = (0, "train"); kill < 3; kill++, verb = "resume")
        {
            using var child = TrainingChild.Start(verb, _dataset, output);
            for (var lines = random.Next(4, 16); lines > 0; lines--) await child.ReadLineAsync();
            await child.KillAsync();
        }

        await TinyRun.ResumeAsync(output);

        RunResults.AssertSame(_uninterrupted, output);
    }

    [Test]
    public async Task What_a_killed_process_left_half_written_is_ignored_and_removed()
    {
        var output = _folder.At("leftovers");
        using (var child = TrainingChild.Start("train", _dataset, output))
        {
            for (var lines = 12; lines > 0; lines--) await child.ReadLineAsync();
            await child.KillAsync();
        }

        var half = Directory.CreateDirectory(Path.Combine(RunFolder.Checkpoints(output), ".checkpoint-11.0123456789abcdef0123456789abcdef.tmp"));
        await File.WriteAllTextAsync(Path.Combine(half.FullName, ".adapter_model.safetensors.0123456789abcdef0123456789abcdef.tmp"), "half");
        Directory.CreateDirectory(RunFolder.Adapter(output));
        await File.WriteAllTextAsync(Path.Combine(RunFolder.Adapter(output), ".adapter_model.safetensors.0123456789abcdef0123456789abcdef.tmp"), "half");
        await File.WriteAllTextAsync(Path.Combine(output, ".run.json.0123456789abcdef0123456789abcdef.tmp"), "half");

        await TinyRun.ResumeAsync(output);

        RunResults.AssertSame(_uninterrupted, output);
    }

    // Files in the checkpoint that is being written; the last of them is followed by the rename.
    private static int FilesInWork(string output)
    {
        try
        {
            var inWork = Directory.EnumerateDirectories(RunFolder.Checkpoints(output), ".checkpoint-*.tmp").FirstOrDefault();
            return inWork is null ? -1 : Directory.EnumerateFiles(inWork).Count();
        }
        catch (DirectoryNotFoundException)
        {
            return -1;
        }
    }
}

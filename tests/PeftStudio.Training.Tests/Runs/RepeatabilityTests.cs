using PeftStudio.TestSupport;

namespace PeftStudio.Training.Tests.Runs;

/// <summary>Given a seed, training repeats exactly on the same machine (G6).</summary>
[TestFixture]
public sealed class RepeatabilityTests
{
    [Test]
    public async Task Two_runs_with_one_seed_are_identical_and_another_seed_differs()
    {
        using var folder = new TemporaryFolder();
        var dataset = TinyRun.WriteDataset(folder.Path);
        await TinyRun.TrainAsync(dataset, folder.At("first"), seed: 1);
        await TinyRun.TrainAsync(dataset, folder.At("second"), seed: 1);
        await TinyRun.TrainAsync(dataset, folder.At("third"), seed: 2);
        RunResults.AssertSame(folder.At("first"), folder.At("second"));
        Assert.That(RunResults.Hash(folder.At("third")), Is.Not.EqualTo(RunResults.Hash(folder.At("first"))));
    }

    [Test]
    public async Task How_often_checkpoints_are_written_does_not_change_the_result()
    {
        using var folder = new TemporaryFolder();
        var dataset = TinyRun.WriteDataset(folder.Path);
        await TinyRun.TrainAsync(dataset, folder.At("often"), saveEvery: 1);
        await TinyRun.TrainAsync(dataset, folder.At("never"), saveEvery: 100);
        Assert.That(RunResults.Hash(folder.At("often")), Is.EqualTo(RunResults.Hash(folder.At("never"))));
    }
}

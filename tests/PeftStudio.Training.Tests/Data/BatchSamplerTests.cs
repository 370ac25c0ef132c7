using PeftStudio.Training.Data;

namespace PeftStudio.Training.Tests.Data;

[TestFixture]
public sealed class BatchSamplerTests
{
    [TestCase(10, 4, 1, 3, 3)]
    [TestCase(10, 4, 2, 3, 2)]
    [TestCase(8, 4, 2, 2, 1)]
    [TestCase(1, 128, 128, 1, 1)]
    [TestCase(int.MaxValue / 20, 1, int.MaxValue, int.MaxValue / 20, 1)]
    public void Remainders_make_a_batch_and_a_step_of_their_own(int rows, int batch, int accumulation, int batches, int steps)
    {
        var sampler = new BatchSampler(rows, batch, accumulation);
        Assert.That((sampler.BatchesPerEpoch, sampler.StepsPerEpoch), Is.EqualTo((batches, steps)));
    }

    [Test]
    public void An_epoch_visits_every_row_once_in_its_own_order()
    {
        var sampler = new BatchSampler(rows: 11, batchSize: 2, accumulation: 3, seed: 5);
        var steps = sampler.Steps(epoch: 3).ToArray();
        Assert.That(steps.Select(s => s.Length), Is.EqualTo(new[] { 3, 3 }));
        Assert.That(steps.SelectMany(s => s).Select(b => b.Length), Is.EqualTo(new[] { 2, 2, 2, 2, 2, 1 }));
        Assert.That(steps.SelectMany(s => s).SelectMany(b => b), Is.EqualTo(sampler.Order(3)));
        Assert.That(sampler.Order(3), Is.Not.EqualTo(sampler.Order(4)).And.EquivalentTo(Enumerable.Range(0, 11)));
    }

    [Test]
    public void Epoch_orders_continue_the_seed() =>
        Assert.That(new BatchSampler(50, 1, seed: 5).Order(3), Is.EqualTo(new BatchSampler(50, 1, seed: 8).Order(0)));

    [Test]
    public void Without_shuffling_rows_come_in_file_order() =>
        Assert.That(new BatchSampler(5, 2, shuffle: false).Steps(9).SelectMany(s => s).SelectMany(b => b), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));

    [Test]
    public void Skipping_continues_where_an_interrupted_epoch_stopped([Range(0, 4)] int skip)
    {
        var sampler = new BatchSampler(rows: 19, batchSize: 2, accumulation: 2, seed: 1);
        Assert.That(sampler.Steps(1, skip), Is.EqualTo(sampler.Steps(1).Skip(skip)));
    }

    [TestCase(0, 0, 0), TestCase(4, 0, 4), TestCase(5, 1, 0), TestCase(12, 2, 2)]
    public void Position_is_whole_epochs_and_the_steps_in_the_next(int steps, int epoch, int done) =>
        Assert.That(new BatchSampler(rows: 10, batchSize: 1, accumulation: 2).PositionAfter(steps), Is.EqualTo((epoch, done)));

    [Test]
    public void More_steps_than_an_epoch_has_cannot_be_skipped() =>
        Assert.That(() => new BatchSampler(4, 2).Steps(0, skip: 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
}

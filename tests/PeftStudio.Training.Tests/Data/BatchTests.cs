using PeftStudio.Training.Data;

namespace PeftStudio.Training.Tests.Data;

[TestFixture]
public sealed class BatchTests
{
    private static readonly TrainingRow Long = new() { InputIds = [5, 6, 7], Labels = [-100, 6, 7] };
    private static readonly TrainingRow Short = new() { InputIds = [8, 9] };

    [Test]
    public void Shorter_rows_are_padded_on_the_right_and_padding_is_masked_and_not_trained()
    {
        var batch = Batch.Collate([Long, Short], padId: 0);
        Assert.That((batch.Rows, batch.Length, batch.Tokens), Is.EqualTo((2, 3, 5)));
        Assert.That(batch.InputIds, Is.EqualTo(new long[] { 5, 6, 7, 8, 9, 0 }));
        Assert.That(batch.AttentionMask, Is.EqualTo(new long[] { 1, 1, 1, 1, 1, 0 }));
        Assert.That(batch.Labels, Is.EqualTo(new long[] { -100, 6, 7, 8, 9, -100 }));
    }

    [Test]
    public void The_first_token_of_a_row_is_never_counted_because_nothing_predicts_it() =>
        Assert.That(Batch.Collate([Long, Short], padId: 0).TrainedTokens, Is.EqualTo(2 + 1));

    [Test]
    public void A_pad_id_inside_a_row_stays_a_token() =>
        Assert.That(Batch.Collate([new TrainingRow { InputIds = [0, 0] }], padId: 0).AttentionMask, Is.EqualTo(new long[] { 1, 1 }));

    [Test]
    public void No_rows_make_no_batch() => Assert.That(() => Batch.Collate([], padId: 0), Throws.ArgumentException);
}

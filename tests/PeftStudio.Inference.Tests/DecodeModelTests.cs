using PeftStudio.Inference.Tests.Support;

namespace PeftStudio.Inference.Tests;

[TestFixture]
public sealed class DecodeModelTests
{
    [Test]
    public void Bfloat16_takes_half_the_memory([Values] bool tied)
    {
        using var checkpoint = TinyCheckpoint.Random(tied: tied);
        using var wide = DecodeModel.Load(checkpoint.Checkpoint);
        using var narrow = DecodeModel.Load(checkpoint.Checkpoint, new() { ComputeType = ComputeType.BFloat16 });
        Assert.That(narrow.WeightBytes, Is.LessThan(0.53 * wide.WeightBytes));
        Assert.That(narrow.ComputeType, Is.EqualTo(ComputeType.BFloat16));
    }

    [Test]
    public void The_checkpoint_is_not_needed_after_loading()
    {
        var checkpoint = TinyCheckpoint.Random();
        using var model = DecodeModel.Load(checkpoint.Checkpoint);
        checkpoint.Dispose();
        using var session = model.CreateSession();
        Assert.That(session.Append(1).ToArray(), Is.All.Matches<float>(float.IsFinite));
    }

    [TestCase(0)]
    [TestCase(257)]
    public void Numbers_of_threads_outside_the_range_are_refused(int threads)
    {
        using var checkpoint = TinyCheckpoint.Random();
        var error = Assert.Throws<PeftStudioException>(() => DecodeModel.Load(checkpoint.Checkpoint, new() { Threads = threads }));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.InvalidOptions));
        Assert.That(error.Message, Does.Contain("Threads").And.Contain($"{threads}").And.Contain("1 to 256"));
    }

    [Test]
    public void A_context_of_no_token_is_refused()
    {
        using var checkpoint = TinyCheckpoint.Random();
        Assert.That(
            () => DecodeModel.Load(checkpoint.Checkpoint, new() { ContextLength = 0 }),
            Throws.InstanceOf<PeftStudioException>().With.Property(nameof(PeftStudioException.Code)).EqualTo(ErrorCodes.InvalidOptions));
    }

    [Test]
    public async Task Loading_stops_when_it_is_cancelled()
    {
        using var checkpoint = TinyCheckpoint.Random();
        Assert.That(() => DecodeModel.Load(checkpoint.Checkpoint, cancellationToken: new(true)), Throws.InstanceOf<OperationCanceledException>());
        await Assert.ThatAsync(
            () => DecodeModel.LoadAsync(checkpoint.Checkpoint, cancellationToken: new(true)), Throws.InstanceOf<OperationCanceledException>());
        using var model = await DecodeModel.LoadAsync(checkpoint.Checkpoint);
        Assert.That(model.ContextLength, Is.EqualTo(1024));
    }

    [Test]
    public void Nothing_works_after_disposal_and_disposing_twice_does_no_harm()
    {
        using var checkpoint = TinyCheckpoint.Random();
        var model = DecodeModel.Load(checkpoint.Checkpoint);
        var session = model.CreateSession();
        session.Append(1);
        model.Dispose();
        model.Dispose();
        Assert.That(() => session.Append(1), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => model.CreateSession(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => model.LoadAdapter("a", []), Throws.InstanceOf<ObjectDisposedException>());
        session.Dispose();
        session.Dispose();
        Assert.That(() => session.Append(1), Throws.InstanceOf<ObjectDisposedException>());
    }
}

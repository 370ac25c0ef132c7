using PeftStudio.Inference.Tests.Support;

namespace PeftStudio.Inference.Tests;

[TestFixture]
public sealed class DecodeSessionTests
{
    private TinyCheckpoint _checkpoint = null!;
    private DecodeModel _model = null!;

    [OneTimeSetUp]
    public void Load()
    {
        _checkpoint = TinyCheckpoint.Random();
        _model = DecodeModel.Load(_checkpoint.Checkpoint, new() { Threads = 2 });
    }

    [OneTimeTearDown]
    public void Unload()
    {
        _model.Dispose();
        _checkpoint.Dispose();
    }

    [Test]
    public void Tokens_one_by_one_give_the_bits_of_all_at_once([Values] ComputeType type, [Values(1, 2, 3)] int threads)
    {
        using var model = DecodeModel.Load(_checkpoint.Checkpoint, new() { ComputeType = type, Threads = threads });
        var ids = Noise.Ids(150, 1); // the cache grows twice, and logits of all need three passes
        var whole = All(model, ids);
        using var session = model.CreateSession();
        for (var i = 0; i < ids.Length; i++)
        {
            Assert.That(session.Append(ids[i]).SequenceEqual(whole.AsSpan(i * 97, 97)), $"token {i}");
        }
    }

    [Test]
    public void A_long_prompt_gives_the_bits_of_its_pieces()
    {
        var ids = Noise.Ids(600, 2);
        using var whole = _model.CreateSession();
        using var pieces = _model.CreateSession();
        var expected = whole.Append(ids).ToArray();
        var logits = Array.Empty<float>();
        for (var start = 0; start < ids.Length; start += 37) logits = pieces.Append(ids.AsMemory(start, Math.Min(37, ids.Length - start))).ToArray();
        Assert.That(logits, Is.EqualTo(expected));
        Assert.That(pieces.Tokens.ToArray(), Is.EqualTo(ids));
    }

    [Test]
    public void The_number_of_threads_changes_no_bit([Values(1, 3, 4)] int threads)
    {
        using var model = DecodeModel.Load(_checkpoint.Checkpoint, new() { Threads = threads });
        var ids = Noise.Ids(300, 3);
        Assert.That(All(model, ids), Is.EqualTo(All(_model, ids)));
    }

    [Test]
    public void Sequences_of_a_batch_give_the_bits_they_give_alone()
    {
        var prompts = new[] { 1, 5, 70, 290, 2 }.Select((n, i) => Noise.Ids(n, 10 + i)).ToArray();
        var sessions = prompts.Select(_ => _model.CreateSession()).ToArray();
        var logits = new float[prompts.Length * 97];
        _model.Forward(sessions.Select((s, i) => new SequenceStep(s, prompts[i])).ToArray(), logits);
        _model.Forward(sessions.Select(s => new SequenceStep(s, new[] { 7 })).ToArray(), logits);
        for (var i = 0; i < prompts.Length; i++)
        {
            using var alone = _model.CreateSession();
            alone.Append(prompts[i]);
            Assert.That(alone.Append(7).SequenceEqual(logits.AsSpan(i * 97, 97)), $"sequence {i}");
            sessions[i].Dispose();
        }
    }

    [Test]
    public async Task Concurrent_sessions_give_the_bits_they_give_alone()
    {
        var prompts = Enumerable.Range(0, 6).Select(i => Noise.Ids(40 + i, 20 + i)).ToArray();
        var expected = prompts.Select(p => All(_model, p)).ToArray();
        var results = await Task.WhenAll(prompts.Select(p => Task.Run(() => All(_model, p))));
        Assert.That(results, Is.EqualTo(expected));
    }

    [Test]
    public void Padding_changes_no_bit_wherever_it_lies()
    {
        int[] texts = [3, 1, 4, 1, 5];
        var plain = PaddedBatch.Score(_model, texts, [1, 1, 1, 1, 1], 5);
        var padded = PaddedBatch.Score(_model, [0, 0, .. texts, .. texts, 0, 0], [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0], 7);
        Assert.That(padded[..(2 * 97)], Is.All.Zero);
        Assert.That(padded[(2 * 97)..(7 * 97)], Is.EqualTo(plain));
        Assert.That(padded[(7 * 97)..(12 * 97)], Is.EqualTo(plain));
        Assert.That(padded[(12 * 97)..], Is.All.Zero);
    }

    [Test]
    public void Truncating_forgets_exactly_what_came_after()
    {
        var ids = Noise.Ids(50, 4);
        using var session = _model.CreateSession();
        var expected = session.Append(ids).ToArray();
        session.Append(Noise.Ids(30, 5));
        session.Truncate(20);
        Assert.That(session.Length, Is.EqualTo(20));
        Assert.That(session.Append(ids.AsMemory(20)).ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Positions_can_be_given()
    {
        var ids = Noise.Ids(6, 6);
        using var plain = _model.CreateSession();
        using var shifted = _model.CreateSession();
        using var same = _model.CreateSession();
        var expected = plain.Append(ids).ToArray();
        var logits = new float[97];
        _model.Forward([new SequenceStep(same, ids) { Positions = new[] { 0, 1, 2, 3, 4, 5 } }], logits);
        Assert.That(logits, Is.EqualTo(expected));
        _model.Forward([new SequenceStep(shifted, ids) { Positions = new[] { 0, 1, 2, 3, 4, 9 } }], logits);
        Assert.That(logits, Is.Not.EqualTo(expected));
    }

    [Test]
    public void More_tokens_than_the_context_holds_are_refused_before_anything_is_computed()
    {
        using var session = _model.CreateSession();
        session.Append(Noise.Ids(1000, 7));
        var error = Assert.Throws<PeftStudioException>(() => session.Append(Noise.Ids(25, 8)));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.ContextExceeded));
        Assert.That(error.Message, Does.Contain("1000").And.Contain("25").And.Contain("1024"));
        Assert.That(session.Length, Is.EqualTo(1000));
        session.Append(Noise.Ids(24, 8));
        Assert.That(session.Length, Is.EqualTo(1024));
    }

    [TestCase(-1)]
    [TestCase(97)]
    [TestCase(int.MaxValue)]
    public void Ids_outside_the_vocabulary_are_refused(int id)
    {
        using var session = _model.CreateSession();
        var error = Assert.Throws<PeftStudioException>(() => session.Append(new[] { 1, id }));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.TokenOutOfRange));
        Assert.That(session.Length, Is.Zero);
    }

    [Test]
    public void Cancellation_leaves_the_session_as_it_was()
    {
        var ids = Noise.Ids(30, 9);
        using var session = _model.CreateSession();
        session.Append(ids.AsMemory(0, 10));
        Assert.That(() => session.Append(ids.AsMemory(10), new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(session.Length, Is.EqualTo(10));
        using var other = _model.CreateSession();
        Assert.That(session.Append(ids.AsMemory(10)).ToArray(), Is.EqualTo(other.Append(ids).ToArray()));
    }

    [Test]
    public void A_session_takes_one_step_of_a_batch()
    {
        using var session = _model.CreateSession();
        Assert.That(
            () => _model.Forward([new(session, new[] { 1 }), new(session, new[] { 2 })], new float[2 * 97]), Throws.InvalidOperationException);
        Assert.That(session.Length, Is.Zero);
        session.Append(1);
    }

    [Test]
    public void A_session_of_another_model_is_refused()
    {
        using var other = DecodeModel.Load(_checkpoint.Checkpoint, new() { Threads = 1 });
        using var session = other.CreateSession();
        Assert.That(() => _model.Forward([new(session, new[] { 1 })], new float[97]), Throws.ArgumentException);
    }

    [Test]
    public void A_token_allocates_next_to_nothing()
    {
        using var model = DecodeModel.Load(_checkpoint.Checkpoint, new() { Threads = 1 });
        using var session = model.CreateSession();
        session.Append(Noise.Ids(70, 11));
        for (var i = 0; i < 20; i++) session.Append(3);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) session.Append(3);
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / 100, Is.LessThan(256));
    }

    [Test]
    public void The_cache_grows_with_its_tokens_and_not_beyond_the_context()
    {
        using var session = _model.CreateSession();
        Assert.That(session.CacheBytes, Is.Zero);
        session.Append(1);
        var first = session.CacheBytes;
        session.Append(Noise.Ids(64, 12));
        Assert.That(session.CacheBytes, Is.EqualTo(2 * first));
        session.Append(Noise.Ids(1024 - 65, 13));
        Assert.That(session.CacheBytes, Is.EqualTo(16 * first));
    }

    private static float[] All(DecodeModel model, int[] ids)
    {
        using var session = model.CreateSession();
        var logits = new float[ids.Length * 97];
        session.AppendAll(ids, logits);
        return logits;
    }
}

using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Tests.Support;

namespace PeftStudio.Inference.Tests;

[TestFixture]
public sealed class AdapterTests
{
    private static readonly int[] Ids = Noise.Ids(20, 1);

    private TinyCheckpoint _checkpoint = null!;

    [SetUp]
    public void Write() => _checkpoint = TinyCheckpoint.Random();

    [TearDown]
    public void Delete() => _checkpoint.Dispose();

    [Test]
    public void Beside_the_weights_and_merged_give_the_same([Values(1, 3, 16, 17)] int rank)
    {
        using var model = DecodeModel.Load(_checkpoint.Checkpoint);
        var deltas = Deltas.Random(model.Blueprint, 2, rank);
        model.LoadAdapter("a", deltas);
        using var merged = DecodeModel.Load(_checkpoint.Checkpoint, new() { Merged = deltas });
        var beside = Score(model, "a");
        Assert.That(beside, Is.EqualTo(Score(merged, null)).Within(1e-3));
        Assert.That(beside, Is.Not.EqualTo(Score(model, null)).Within(1e-1));
    }

    [Test]
    public void Adapters_come_and_go_without_a_trace_in_the_base_model()
    {
        using var model = DecodeModel.Load(_checkpoint.Checkpoint);
        var before = Score(model, null);
        model.LoadAdapter("a", Deltas.Random(model.Blueprint, 2));
        model.LoadAdapter("b", Deltas.Random(model.Blueprint, 300));
        var (a, b) = (Score(model, "a"), Score(model, "b"));
        Assert.That(a, Is.Not.EqualTo(b));
        Assert.That(Score(model, null), Is.EqualTo(before));
        Assert.That(Score(model, "a"), Is.EqualTo(a));
        Assert.That(model.AdapterNames, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(model.UnloadAdapter("a"));
        Assert.That(model.UnloadAdapter("a"), Is.False);
        Assert.That(Score(model, "b"), Is.EqualTo(b));
        Assert.That(Score(model, null), Is.EqualTo(before));
        Assert.That(model.AdapterNames, Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public void Sequences_of_a_batch_keep_their_own_adapter()
    {
        using var model = DecodeModel.Load(_checkpoint.Checkpoint, new() { Threads = 2 });
        model.LoadAdapter("a", Deltas.Random(model.Blueprint, 2, rank: 3));
        model.LoadAdapter("b", Deltas.Random(model.Blueprint, 300, rank: 20)[..5]);
        string?[] names = ["a", null, "b", "a"];
        var sessions = names.Select(model.CreateSession).ToArray();
        var logits = new float[4 * 97];
        model.Forward(sessions.Select(s => new SequenceStep(s, Ids)).ToArray(), logits);
        for (var i = 0; i < 4; i++)
        {
            Assert.That(Score(model, names[i]).AsSpan(19 * 97).SequenceEqual(logits.AsSpan(i * 97, 97)), $"sequence {i}");
            sessions[i].Dispose();
        }
    }

    [Test]
    public void An_adapter_of_the_head_works_whether_it_is_tied_or_not([Values] bool tied, [Values] bool merged)
    {
        using var checkpoint = TinyCheckpoint.Random(tied: tied);
        var delta = Deltas.Of("lm_head", 44, 97, 5, rank: 1);
        using var model = DecodeModel.Load(checkpoint.Checkpoint, merged ? new() { Merged = [delta] } : new());
        if (!merged) model.LoadAdapter("head", [delta]);
        using var plain = DecodeModel.Load(checkpoint.Checkpoint);
        var change = Score(model, merged ? null : "head").Zip(Score(plain, null), (a, b) => a - b).ToArray();

        // Nothing but the head changes: with rank 1 every row of the change is a multiple of B.
        Assert.That(change.Max(MathF.Abs), Is.GreaterThan(0.01));
        for (var row = 0; row < Ids.Length; row++)
        {
            var factor = change[row * 97] / delta.B[0];
            for (var i = 0; i < 97; i++) Assert.That(change[(row * 97) + i], Is.EqualTo(factor * delta.B[i]).Within(2e-4));
        }
    }

    [Test]
    public void Changing_the_adapter_of_a_session_forgets_its_tokens()
    {
        using var model = DecodeModel.Load(_checkpoint.Checkpoint);
        model.LoadAdapter("a", Deltas.Random(model.Blueprint, 2));
        using var session = model.CreateSession();
        session.Append(Ids);
        session.UseAdapter("a");
        Assert.That(session.Length, Is.Zero);
        Assert.That(session.Adapter, Is.EqualTo("a"));
        Assert.That(session.Append(Ids).SequenceEqual(Score(model, "a").AsSpan(19 * 97)));
        session.UseAdapter(null);
        Assert.That(session.Append(Ids).SequenceEqual(Score(model, null).AsSpan(19 * 97)));
    }

    [Test]
    public void A_session_keeps_an_adapter_that_is_unloaded_meanwhile()
    {
        using var model = DecodeModel.Load(_checkpoint.Checkpoint);
        model.LoadAdapter("a", Deltas.Random(model.Blueprint, 2));
        var expected = Score(model, "a");
        using var session = model.CreateSession("a");
        model.UnloadAdapter("a");
        Assert.That(session.Append(Ids).SequenceEqual(expected.AsSpan(19 * 97)));
        Assert.That(() => session.UseAdapter("a"), Throws.InstanceOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.UnknownAdapter));
        Assert.That(session.Adapter, Is.EqualTo("a"));
    }

    [Test]
    public void What_does_not_fit_is_refused_and_nothing_is_loaded()
    {
        using var model = DecodeModel.Load(_checkpoint.Checkpoint);
        var good = Deltas.Random(model.Blueprint, 2);
        Refuse([.. good, Deltas.Of("model.layers.9.mlp.up_proj", 44, 37, 1)], "model.layers.9.mlp.up_proj");
        Refuse([good[0] with { A = new float[7] }], "A of 7 and B of");
        Refuse([good[0] with { Rank = 0 }], "rank 0");
        Refuse([good[0], good[0]], "twice");
        Assert.That(model.AdapterNames, Is.Empty);

        void Refuse(LinearDelta[] deltas, string told)
        {
            var error = Assert.Throws<PeftStudioException>(() => model.LoadAdapter("bad", deltas));
            Assert.That(error!.Code, Is.EqualTo(ErrorCodes.AdapterDoesNotFit));
            Assert.That(error.Message, Does.Contain(told));
        }
    }

    [Test]
    public void Names_that_are_taken_or_unknown_are_refused_with_those_that_are_there()
    {
        using var model = DecodeModel.Load(_checkpoint.Checkpoint);
        var deltas = Deltas.Random(model.Blueprint, 2);
        model.LoadAdapter("mine", deltas);
        Assert.That(() => model.LoadAdapter("mine", deltas), Throws.InstanceOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.AdapterExists));
        var error = Assert.Throws<PeftStudioException>(() => model.CreateSession("yours"));
        Assert.That(error!.Code, Is.EqualTo(ErrorCodes.UnknownAdapter));
        Assert.That(error.Message, Does.Contain("'yours'").And.Contain("'mine'"));
    }

    [Test]
    public void In_bfloat16_the_update_is_float32_and_the_sum_is_rounded_once()
    {
        using var checkpoint = TinyCheckpoint.Chain([1, 0]);
        // E = 2: the head's input for id 0 is [√2, 0] rounded; the update adds 2⁻⁶ of the first element to the first logit.
        var delta = new LinearDelta("lm_head", [1, 0], [1, 0], 1, 1 / 64f);
        using var model = DecodeModel.Load(checkpoint.Checkpoint, new() { ComputeType = ComputeType.BFloat16 });
        model.LoadAdapter("a", [delta]);
        using var session = model.CreateSession("a");
        var input = BFloat16.Round(MathF.Sqrt(2));
        Assert.That(session.Append(0)[0], Is.EqualTo(BFloat16.Round(input / 64)));
    }

    private static float[] Score(DecodeModel model, string? adapter)
    {
        using var session = model.CreateSession(adapter);
        var logits = new float[Ids.Length * 97];
        session.AppendAll(Ids, logits);
        return logits;
    }
}

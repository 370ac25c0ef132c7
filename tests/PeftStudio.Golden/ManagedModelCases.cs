using System.Runtime.CompilerServices;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Inference;
using PeftStudio.Inference.Network;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Golden;

/// <summary>The managed interpreter against Hugging Face transformers, on the cases of the group <c>models</c>.</summary>
[TestFixture]
[Category("Golden")]
public sealed class ManagedModelCases
{
    // Some cases go beyond the trained length on purpose; no case is longer than this.
    private const int Context = 256;

    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.Of), new object[] { "models" })]
    public void Logits_are_the_reference_s(GoldenCase golden)
    {
        using var model = Load(golden);
        using var expected = new ExpectedTensors(golden);
        Compare(golden, expected, model, string.Empty);
        Compare(golden, expected, model, "short_");
    }

    [TestCaseSource(nameof(Decoders))]
    public void Logits_of_padded_batches_are_the_reference_s(GoldenCase golden)
    {
        using var model = Load(golden);
        using var expected = new ExpectedTensors(golden);
        Compare(golden, expected, model, "right_");
        Compare(golden, expected, model, "left_");
        if (expected.Has("left_logits_plain"))
        {
            var ids = expected.Integers("left_input_ids");
            var columns = expected.Columns("left_input_ids");
            var mask = expected.Integers("left_attention_mask");
            var positions = Enumerable.Range(0, ids.Length).Select(i => i % columns).ToArray();
            LogitComparison.AssertWithin(
                PaddedBatch.Score(model, ids, mask, columns, positions), expected.Floats("left_logits_plain"), mask, golden.Absolute, golden.Relative);
        }
    }

    [TestCaseSource(nameof(Decoders))]
    public void Greedy_decoding_with_a_cache_gives_the_reference_s_tokens(GoldenCase golden)
    {
        using var model = Load(golden);
        using var expected = new ExpectedTensors(golden);
        var tokens = expected.Integers("greedy_tokens");
        Assert.That(Greedy(model, expected.Integers("greedy_prompt"), tokens.Length), Is.EqualTo(tokens));
    }

    [TestCaseSource(nameof(DecodersThatDoNotDependOnLength))]
    public void Decoding_with_a_cache_equals_full_recomputation_bit_by_bit(GoldenCase golden)
    {
        using var model = Load(golden);
        using var expected = new ExpectedTensors(golden);
        var tokens = expected.Integers("greedy_tokens");
        var vocabulary = model.Blueprint.VocabularySize;
        var whole = new float[tokens.Length * vocabulary];
        using var once = model.CreateSession();
        once.AppendAll(tokens, whole);
        using var stepwise = model.CreateSession();
        for (var i = 0; i < tokens.Length; i++)
        {
            Assert.That(stepwise.Append(tokens[i]).SequenceEqual(whole.AsSpan(i * vocabulary, vocabulary)), $"token {i}");
        }
    }

    [TestCaseSource(nameof(DecodersWithOtherConfigurations))]
    public void Other_configurations_of_the_same_weights_give_the_same(GoldenCase golden)
    {
        using var expected = new ExpectedTensors(golden);
        foreach (var config in golden.Json.GetProperty("alternative_configs").EnumerateArray())
        {
            using var model = Load(golden, configuration: config.GetString()!);
            Compare(golden, expected, model, string.Empty);
            var tokens = expected.Integers("greedy_tokens");
            Assert.That(Greedy(model, expected.Integers("greedy_prompt"), tokens.Length), Is.EqualTo(tokens));
        }
    }

    [TestCaseSource(nameof(DecodersWithBFloat16))]
    public void Logits_in_bfloat16_are_the_reference_s(GoldenCase golden)
    {
        using var model = Load(golden, ComputeType.BFloat16);
        using var expected = new ExpectedTensors(golden);
        var mask = expected.Integers("attention_mask");
        LogitComparison.AssertWithin(
            PaddedBatch.Score(model, expected.Integers("input_ids"), mask, expected.Columns("input_ids")), expected.Floats("bf16_logits"), mask,
            Tolerance("absolute"), Tolerance("relative"), Tolerance("mean_absolute"));

        double Tolerance(string member) => golden.Tolerance("bf16_tolerance", member);
    }

    [TestCaseSource(nameof(Decoders))]
    public void In_bfloat16_weights_activations_and_cache_are_bfloat16(GoldenCase golden)
    {
        using var model = Load(golden, ComputeType.BFloat16);
        using var wide = Load(golden);
        using var expected = new ExpectedTensors(golden);
        Assert.That(Unsafe.SizeOf<BFloat16>(), Is.EqualTo(2));
        Assert.That(model.Network, Is.TypeOf<DecoderNetwork<BFloat16>>(), "the element type of weights, of what lies between the layers, and of the cache");
        Assert.That(model.WeightBytes, Is.LessThan(0.6 * wide.WeightBytes));

        var ids = expected.Integers("greedy_prompt");
        using var session = model.CreateSession();
        using var wideSession = wide.CreateSession();
        wideSession.Append(ids);
        var logits = session.Append(ids).ToArray();
        Assert.That(session.CacheBytes, Is.EqualTo(wideSession.CacheBytes / 2));
        Assert.That(logits.Where(l => (BitConverter.SingleToUInt32Bits(l) & 0xFFFF) != 0), Is.Empty, "logits that are no bfloat16 values");
    }

    // Cases of other tasks are reported once, by the first test.
    private static IEnumerable<TestCaseData> Decoders() => Cases(_ => true);

    private static IEnumerable<TestCaseData> DecodersThatDoNotDependOnLength() =>
        Cases(g => !g.Json.TryGetProperty("cached_versus_uncached_max_difference", out _));

    private static IEnumerable<TestCaseData> DecodersWithOtherConfigurations() => Cases(g => g.Json.TryGetProperty("alternative_configs", out _));

    private static IEnumerable<TestCaseData> DecodersWithBFloat16() => Cases(g => g.Json.TryGetProperty("bf16_tolerance", out _));

    private static IEnumerable<TestCaseData> Cases(Func<GoldenCase, bool> filter) =>
        GoldenCase.Of("models").Where(c => c.Arguments[0] is GoldenCase g && g.Text("task") == "causal-lm" && filter(g));

    private static DecodeModel Load(GoldenCase golden, ComputeType type = ComputeType.Float32, string configuration = "config.json")
    {
        if (golden.Text("task") is { } task and not "causal-lm") golden.SkipAsNotBuilt($"the task {task} in the managed interpreter");
        return ManagedModels.Load(golden, type, configuration, Context);
    }

    private static void Compare(GoldenCase golden, ExpectedTensors expected, DecodeModel model, string prefix)
    {
        if (!expected.Has(prefix + "logits")) return;
        var ids = expected.Integers(prefix + "input_ids");
        var mask = expected.Has(prefix + "attention_mask") ? expected.Integers(prefix + "attention_mask") : Enumerable.Repeat(1, ids.Length).ToArray();
        var positions = expected.Has(prefix + "position_ids") ? expected.Integers(prefix + "position_ids") : [];
        var logits = PaddedBatch.Score(model, ids, mask, expected.Columns(prefix + "input_ids"), positions);
        LogitComparison.AssertWithin(logits, expected.Floats(prefix + "logits"), mask, golden.Absolute, golden.Relative);
    }

    private static int[] Greedy(DecodeModel model, int[] prompt, int length)
    {
        var tokens = prompt.ToList();
        using var session = model.CreateSession();
        var logits = session.Append(prompt);
        while (tokens.Count < length)
        {
            tokens.Add(System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits));
            if (tokens.Count < length) logits = session.Append(tokens[^1]);
        }

        return [.. tokens];
    }
}

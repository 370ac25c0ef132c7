using PeftStudio.Formats.Adapters;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Inference;

namespace PeftStudio.Golden;

/// <summary>Adapters in the managed interpreter against Hugging Face PEFT: applied beside the weights, merged, switched off, mixed in a batch.</summary>
[TestFixture]
[Category("Golden")]
public sealed class ManagedAdapterCases
{
    private static readonly string[] NotBuilt =
    [
        ErrorCodes.UnsupportedAdapterMethod, ErrorCodes.UnsupportedCheckpointForm, ErrorCodes.UnknownArchitecture, ErrorCodes.BlueprintFeatureNotSupported,
    ];

    private static readonly string[] Factors = [".lora_A.weight", ".lora_B.weight"];

    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.Of), new object[] { "peft" })]
    public void Logits_with_the_adapter_beside_the_weights_are_the_reference_s(GoldenCase golden) => WithModel(golden, (checkpoint, deltas) =>
    {
        using var model = DecodeModel.Load(checkpoint, new() { ComputeType = TypeOf(golden) });
        var before = Score(golden, model, null, "input_ids", out _);
        model.LoadAdapter("one", deltas);
        Compare(golden, Score(golden, model, "one", "input_ids", out var mask), "logits", mask);
        Assert.That(Score(golden, model, null, "input_ids", out _), Is.EqualTo(before), "the base model is as it was");
    });

    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.Of), new object[] { "peft" })]
    public void Logits_with_the_adapter_merged_are_the_reference_s(GoldenCase golden) => WithModel(golden, (checkpoint, deltas) =>
    {
        using var expected = new ExpectedTensors(golden);
        using var model = DecodeModel.Load(checkpoint, new() { Merged = deltas, ComputeType = TypeOf(golden) });
        var logits = Score(golden, model, null, "input_ids", out var mask);
        Compare(golden, logits, golden.Text("merged_expectation") != "logits" && expected.Has("merged_logits") ? "merged_logits" : "logits", mask);
    });

    private static void WithModel(GoldenCase golden, Action<Checkpoint, IReadOnlyList<LinearDelta>> test)
    {
        if (golden.Text("task_type") is { } task and not "CAUSAL_LM") golden.SkipAsNotBuilt($"the task {task} in the managed interpreter");
        if (golden.Text("method") is not "LORA") golden.SkipAsNotBuilt($"the method {golden.Text("method")} in the managed interpreter");
        if (!File.Exists(golden.At(AdapterFolder.ConfigurationFile))) golden.SkipAsNotBuilt("several adapters at once");
        try
        {
            using var checkpoint = Checkpoint.Open(golden.At(golden.Text("base")!));
            using var adapter = AdapterFolder.Open(golden.Folder);
            var others = adapter.Weights.Tensors.Keys.Where(k => !Factors.Any(f => k.EndsWith(f, StringComparison.Ordinal)));
            if (others.FirstOrDefault() is { } other) golden.SkipAsNotBuilt($"tensors beside the factors of linears ({other})");
            test(checkpoint, adapter.ReadDeltas(checkpoint.Blueprint));
        }
        catch (PeftStudioException e) when (NotBuilt.Contains(e.Code))
        {
            golden.SkipAsNotBuilt($"{e.Summary} ({e.Asked}: {e.Found})");
        }
    }

    private static ComputeType TypeOf(GoldenCase golden) => golden.Text("compute_dtype") == "bfloat16" ? ComputeType.BFloat16 : ComputeType.Float32;

    private static float[] Score(GoldenCase golden, DecodeModel model, string? adapter, string ids, out int[] mask)
    {
        using var expected = new ExpectedTensors(golden);
        mask = expected.Has("attention_mask") ? expected.Integers("attention_mask") : BaseMask(golden);
        return PaddedBatch.Score(model, expected.Integers(ids), mask, expected.Columns(ids), adapter: adapter);
    }

    // Most cases use the ids of their base, whose mask lies there.
    private static int[] BaseMask(GoldenCase golden)
    {
        using var expected = new ExpectedTensors(golden, golden.Text("base")!);
        return expected.Integers("attention_mask");
    }

    private static void Compare(GoldenCase golden, float[] logits, string name, int[] mask)
    {
        using var expected = new ExpectedTensors(golden);
        LogitComparison.AssertWithin(logits, expected.Floats(name), mask, golden.Absolute, golden.Relative);
    }
}

using PeftStudio.Inference;

namespace PeftStudio.Golden;

/// <summary>The managed interpreter on the base models of the adapter cases.</summary>
[TestFixture]
[Category("Golden")]
public sealed class ManagedPeftBaseCases
{
    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.Of), new object[] { "peft-bases" })]
    public void Logits_are_the_reference_s(GoldenCase golden)
    {
        if (golden.Text("task_type") is { } task and not "CAUSAL_LM") golden.SkipAsNotBuilt($"the task {task} in the managed interpreter");
        using var model = ManagedModels.Load(golden);
        using var expected = new ExpectedTensors(golden);
        var mask = expected.Integers("attention_mask");
        var logits = PaddedBatch.Score(model, expected.Integers("input_ids"), mask, expected.Columns("input_ids"));
        LogitComparison.AssertWithin(logits, expected.Floats("logits"), mask, golden.Absolute, golden.Relative);
    }
}

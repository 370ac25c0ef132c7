using PeftStudio.Engine;
using PeftStudio.Engine.Models;
using PeftStudio.Engine.Objectives;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Golden.Engine;

/// <summary>The TorchSharp interpreter against transformers: groups <c>models</c> and <c>peft-bases</c>.</summary>
[TestFixture]
[Category("Golden")]
public sealed class TorchModelCases
{
    private static IEnumerable<TestCaseData> Models => GoldenCase.Of("models");

    private static IEnumerable<TestCaseData> Bases => GoldenCase.Of("peft-bases");

    [OneTimeSetUp]
    public void LoadNativeLibrary() => NativeRuntime.EnsureLoaded();

    [TestCaseSource(nameof(Models))]
    public void Logits_agree_in_float32(GoldenCase golden)
    {
        foreach (var configuration in Configurations(golden))
        {
            using var checkpoint = OpenOrSkip(golden, configuration);
            using var model = CausalModel.Load(checkpoint, ComputeType.Float32);
            using var expected = golden.Open();
            Compare(golden, model, expected, string.Empty, configuration);
            if (expected.Has("right_logits")) Compare(golden, model, expected, "right_", configuration);
            if (expected.Has("left_logits")) Compare(golden, model, expected, "left_", configuration);
            if (expected.Has("short_logits")) Compare(golden, model, expected, "short_", configuration);
        }
    }

    [TestCaseSource(nameof(Models))]
    public void Logits_agree_in_bfloat16(GoldenCase golden)
    {
        using var checkpoint = OpenOrSkip(golden, "config.json");
        using var expected = golden.Open();
        if (!expected.Has("bf16_logits")) Assert.Pass("the case has no bfloat16 logits");
        using var model = CausalModel.Load(checkpoint, ComputeType.BFloat16);
        Assert.That(model.BaseParameters.Values.Select(w => w.dtype), Is.All.EqualTo(ScalarType.BFloat16), "weights");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var logits = model.Forward(Ids(expected, "input_ids"), Ids(expected, "attention_mask"));
        Assert.That(logits.dtype, Is.EqualTo(ScalarType.BFloat16), "activations");
        var actual = Floats(logits);
        var wanted = expected.ReadFloats("bf16_logits");
        GoldenTensors.AssertClose(actual, wanted, golden.Tolerance("bf16_tolerance", "absolute"), golden.Tolerance("bf16_tolerance", "relative"), "bfloat16 logits");
        Assert.That(
            GoldenTensors.MeanDifference(actual, wanted), Is.LessThanOrEqualTo(golden.Tolerance("bf16_tolerance", "mean_absolute")), "mean difference");
    }

    [TestCaseSource(nameof(Models))]
    public void Loss_and_gradients_agree(GoldenCase golden)
    {
        using var checkpoint = OpenOrSkip(golden, "config.json");
        using var expected = golden.Open();
        if (!expected.Has("loss")) Assert.Pass("the case has no loss");
        using var model = CausalModel.Load(checkpoint, ComputeType.Float32);
        var gradients = expected.Tensors.Keys.Where(k => k.StartsWith("grad.", StringComparison.Ordinal)).Select(k => k["grad.".Length..]).ToArray();
        foreach (var name in gradients) model.BaseParameters[name].requires_grad_(true);
        using var scope = NewDisposeScope();
        var labels = Ids(expected, "labels");
        var loss = CausalLoss.Compute(model, Ids(expected, "input_ids"), null, labels, CausalLoss.CountLabels(labels));
        GoldenTensors.AssertClose([loss.item<float>()], expected.ReadFloats("loss"), golden.Absolute, golden.Relative, "loss");
        loss.backward();
        foreach (var name in gradients)
        {
            GoldenTensors.AssertClose(
                Floats(model.BaseParameters[name].grad!), expected.ReadFloats("grad." + name), golden.Absolute, golden.Relative, "gradient of " + name);
        }
    }

    [TestCaseSource(nameof(Models))]
    public void Greedy_tokens_agree(GoldenCase golden)
    {
        using var checkpoint = OpenOrSkip(golden, "config.json");
        using var expected = golden.Open();
        if (golden.Json.TryGetProperty("cached_versus_uncached_max_difference", out _)) Assert.Pass("decoding with a cache differs here by definition: the managed interpreter's test");
        using var model = CausalModel.Load(checkpoint, ComputeType.Float32);
        var tokens = expected.ReadIntegers("greedy_prompt").ToList();
        var wanted = expected.ReadIntegers("greedy_tokens");
        using var quiet = no_grad();
        while (tokens.Count < wanted.Length)
        {
            using var scope = NewDisposeScope();
            var logits = model.Forward(tensor(tokens.ToArray()).unsqueeze(0));
            tokens.Add(logits[0, -1].argmax().item<long>());
        }

        Assert.That(tokens, Is.EqualTo(wanted));
    }

    [TestCaseSource(nameof(Bases))]
    public void Base_logits_agree(GoldenCase golden)
    {
        using var checkpoint = OpenOrSkip(golden, "config.json");
        using var model = CausalModel.Load(checkpoint, ComputeType.Float32);
        using var expected = golden.Open();
        Compare(golden, model, expected, string.Empty, "config.json");
    }

    internal static Tensor Ids(SafetensorsFile file, string name) => tensor(file.ReadIntegers(name)).view(file.Shape(name));

    internal static float[] Floats(Tensor values)
    {
        using var flat = values.detach().to(ScalarType.Float32).flatten().contiguous();
        return flat.data<float>().ToArray();
    }

    /// <summary>Opens a case's checkpoint, or skips the test because its family, head or file form is not built.</summary>
    internal static Checkpoint OpenOrSkip(GoldenCase golden, string configuration)
    {
        var path = golden.At(configuration);
        var described = ModelConfiguration.Load(path);
        if (!ModelFamilies.ModelTypes.Contains(described.ModelType)) golden.SkipAsNotBuilt($"the family '{described.ModelType}'");
        if (described.Architecture?.EndsWith("ForCausalLM", StringComparison.Ordinal) != true) golden.SkipAsNotBuilt($"the head of {described.Architecture}");
        var folder = Path.GetDirectoryName(path)!;
        return Checkpoint.Open(folder, path);
    }

    private static IEnumerable<string> Configurations(GoldenCase golden)
    {
        yield return "config.json";
        if (!golden.Json.TryGetProperty("alternative_configs", out var list)) yield break;
        foreach (var name in list.EnumerateArray()) yield return name.GetString()!;
    }

    private static void Compare(GoldenCase golden, CausalModel model, SafetensorsFile expected, string variant, string configuration)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var mask = expected.Has(variant + "attention_mask") ? Ids(expected, variant + "attention_mask") : null;
        var positions = expected.Has(variant + "position_ids") ? Ids(expected, variant + "position_ids") : null;
        var logits = model.Forward(Ids(expected, variant + "input_ids"), mask, positions);
        var width = model.Blueprint.VocabularySize;
        var visible = mask is null ? null : expected.ReadIntegers(variant + "attention_mask");
        GoldenTensors.AssertClose(
            Floats(logits), expected.ReadFloats(variant + "logits"), golden.Absolute, golden.Relative, $"{variant}logits with {configuration}",
            visible is null ? null : i => visible[i / width] == 1);
    }
}

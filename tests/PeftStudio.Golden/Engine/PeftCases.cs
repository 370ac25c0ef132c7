using System.Text.Json;
using System.Text.Json.Nodes;
using PeftStudio.Engine;
using PeftStudio.Engine.Adapters;
using PeftStudio.Engine.Models;
using PeftStudio.Formats.Adapters;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;
using PeftStudio.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Golden.Engine;

/// <summary>Adapters that PEFT wrote, on the TorchSharp interpreter: group <c>peft</c>.</summary>
[TestFixture]
[Category("Golden")]
public sealed class PeftCases
{
    // What a later release adds or a load may turn: order and spelling of these is PEFT's own business.
    private static readonly string[] Unordered = ["target_modules", "exclude_modules"];

    private static IEnumerable<TestCaseData> Cases => GoldenCase.Of("peft");

    [OneTimeSetUp]
    public void LoadNativeLibrary() => NativeRuntime.EnsureLoaded();

    [TestCaseSource(nameof(Cases))]
    public void Logits_agree_with_the_adapter_disabled_and_merged(GoldenCase golden)
    {
        using var folder = OpenOrSkip(golden);
        using var checkpoint = Base(golden);
        using var model = CausalModel.Load(checkpoint, ComputeType.Float32);
        using var expected = golden.Open();
        using var adapter = LoadOrSkip(golden, model, folder);
        Compare(golden, model, expected, "logits");

        adapter.Disable();
        using var baseExpected = SafetensorsFile.Open(Path.Combine(checkpoint.Path, "expected.safetensors"));
        if (golden.Flag("disabled_equals_base") && baseExpected.ReadIntegers("input_ids").SequenceEqual(expected.ReadIntegers("input_ids")))
        {
            Compare(golden, model, expected, "logits", baseExpected);
        }
        else if (expected.Has("disabled_logits"))
        {
            Compare(golden, model, expected, "disabled_logits");
        }

        adapter.Enable();
        if (!golden.Flag("mergeable")) return;
        var before = Snapshot(model);
        adapter.Merge();
        var changed = model.BaseParameters.Where(p => !p.Value.bytes.SequenceEqual(before[p.Key])).Select(p => p.Key);
        Assert.That(changed, Is.EquivalentTo(golden.Json.GetProperty("merged_changed").EnumerateArray().Select(n => n.GetString())), "weights that merging changes");
        Compare(golden, model, expected, golden.Text("merged_expectation") == "logits" ? "logits" : "merged_logits");
        foreach (var name in expected.Tensors.Keys.Where(k => k.StartsWith("merged.", StringComparison.Ordinal)))
        {
            GoldenTensors.AssertClose(
                TorchModelCases.Floats(model.BaseParameters[name["merged.".Length..]]), expected.ReadFloats(name), golden.Absolute, golden.Relative, name);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Merging_into_a_bfloat16_base_gives_the_same_bits(GoldenCase golden)
    {
        using var folder = OpenOrSkip(golden);
        using var expected = golden.Open();
        var names = expected.Tensors.Keys.Where(k => k.StartsWith("merged_bf16.", StringComparison.Ordinal)).ToArray();
        if (names.Length == 0) Assert.Pass("the case has no bfloat16 merge");
        using var checkpoint = Base(golden);
        using var model = CausalModel.Load(checkpoint, ComputeType.BFloat16);
        using var adapter = LoadOrSkip(golden, model, folder);
        adapter.Merge();
        foreach (var name in names)
        {
            Assert.That(TensorTransfer.ToBytes(model.BaseParameters[name["merged_bf16.".Length..]]), Is.EqualTo(expected.ReadBytes(name)), name);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Saving_gives_the_same_keys_shapes_types_and_fields(GoldenCase golden)
    {
        using var folder = OpenOrSkip(golden);
        using var checkpoint = Base(golden);
        using var model = CausalModel.Load(checkpoint, ComputeType.Float32);
        using var adapter = LoadOrSkip(golden, model, folder);
        using var temporary = new TemporaryFolder();
        adapter.Save(temporary.Path);

        using var saved = SafetensorsFile.Open(temporary.At(AdapterFolder.WeightFile));
        Assert.That(
            saved.Tensors.Values.Select(t => $"{t.Name} {t.ShapeText}"), Is.EquivalentTo(folder.Weights.Tensors.Values.Select(t => $"{t.Name} {t.ShapeText}")));
        Assert.That(saved.Tensors.Values.Select(t => t.Type), Is.All.EqualTo(TensorType.F32), "factors on a float32 base are float32");
        Assert.That(saved.Metadata, Is.EqualTo(new Dictionary<string, string> { ["format"] = "pt" }));
        foreach (var name in folder.Weights.Tensors.Keys) Assert.That(saved.ReadFloats(name), Is.EqualTo(folder.Weights.ReadFloats(name)), name);

        CompareFields(golden, JsonNode.Parse(File.ReadAllText(temporary.At(AdapterFolder.ConfigurationFile)))!.AsObject());
    }

    private static void CompareFields(GoldenCase golden, JsonObject written)
    {
        var original = JsonNode.Parse(File.ReadAllText(golden.At(AdapterFolder.ConfigurationFile)))!.AsObject();
        foreach (var (name, value) in original)
        {
            if (!written.TryGetPropertyValue(name, out var ours)) continue; // unknown to PEFT 0.21.2: dropped with a warning
            if (Unordered.Contains(name) && value is JsonArray list) Assert.That(ours!.AsArray().Select(n => n!.ToString()), Is.EquivalentTo(list.Select(n => n!.ToString())), name);
            else if (name is not "inference_mode" and not "peft_version") Assert.That(JsonNode.DeepEquals(ours, value), Is.True, $"{name}: {ours?.ToJsonString()} instead of {value?.ToJsonString()}");
        }

        var reference = JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenCase.Root, "peft", "lora-default-llama", AdapterFolder.ConfigurationFile)))!.AsObject();
        Assert.That(written.Select(p => p.Key), Is.EqualTo(reference.Select(p => p.Key)), "fields of PEFT 0.21.2, sorted");
    }

    private static AdapterFolder OpenOrSkip(GoldenCase golden)
    {
        if (!File.Exists(golden.At(AdapterFolder.ConfigurationFile))) golden.SkipAsNotBuilt("several adapters at once");
        if (golden.Json.TryGetProperty("resize_vocab_by", out _)) golden.SkipAsNotBuilt("resized embeddings");
        _ = BaseConfigurationOrSkip(golden);
        try
        {
            return AdapterFolder.Open(golden.Folder);
        }
        catch (PeftStudioException e) when (e.Code is ErrorCodes.UnsupportedAdapterMethod or ErrorCodes.UnsupportedCheckpointForm)
        {
            golden.SkipAsNotBuilt(e.Asked + ": " + e.Found);
            throw;
        }
    }

    private static Adapter LoadOrSkip(GoldenCase golden, CausalModel model, AdapterFolder folder)
    {
        try
        {
            return Lora.Load(model, folder);
        }
        catch (PeftStudioException e) when (e.Code == ErrorCodes.UnsupportedAdapterMethod)
        {
            golden.SkipAsNotBuilt(e.Asked + ": " + e.Found);
            throw;
        }
    }

    private static string BaseConfigurationOrSkip(GoldenCase golden)
    {
        var path = golden.At(Path.Combine(golden.Text("base")!, "config.json"));
        TorchModelCases.OpenOrSkip(golden, path).Dispose();
        return path;
    }

    private static Checkpoint Base(GoldenCase golden) => Checkpoint.Open(golden.At(golden.Text("base")!));

    private static Dictionary<string, byte[]> Snapshot(CausalModel model) => model.BaseParameters.ToDictionary(p => p.Key, p => TensorTransfer.ToBytes(p.Value));

    private static void Compare(GoldenCase golden, CausalModel model, SafetensorsFile ids, string name, SafetensorsFile? elsewhere = null)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var mask = ids.Has("attention_mask") ? ids.ReadIntegers("attention_mask") : null;
        var logits = model.Forward(TorchModelCases.Ids(ids, "input_ids"), mask is null ? null : TorchModelCases.Ids(ids, "attention_mask"));
        var width = model.Blueprint.VocabularySize;
        GoldenTensors.AssertClose(
            TorchModelCases.Floats(logits), (elsewhere ?? ids).ReadFloats(name), golden.Absolute, golden.Relative, name, mask is null ? null : i => mask[i / width] == 1);
    }
}

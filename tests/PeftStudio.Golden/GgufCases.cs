using System.Text.Json;
using System.Text.Json.Nodes;
using PeftStudio.Formats.Gguf;
using PeftStudio.Formats.Gguf.Conversion;
using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;
using PeftStudio.TestSupport;

namespace PeftStudio.Golden;

/// <summary>Group <c>gguf</c>: models, adapters and parts that llama.cpp's converter and quantiser wrote.</summary>
[TestFixture]
[Category("Golden")]
public sealed class GgufCases
{
    private static IEnumerable<TestCaseData> WithSource() => Cases(g => g.Json.TryGetProperty("source", out _) && g.Text("family") != "lora");

    [TestCaseSource(nameof(WithSource))]
    public void A_model_reads_as_the_checkpoint_it_was_made_from(GoldenCase golden)
    {
        using var gguf = GgufTensorSource.Open(golden.At(golden.Text("file")!));
        using var source = SafetensorsFile.Open(golden.At("model.safetensors"));
        Assert.That(gguf.Warnings, Is.Empty);
        Assert.That(gguf.Tensors.Keys.Order(StringComparer.Ordinal), Is.EqualTo(source.Tensors.Keys.Order(StringComparer.Ordinal)));
        Assert.Multiple(() =>
        {
            foreach (var (name, info) in source.Tensors)
            {
                Assert.That(gguf.Tensors[name].Shape, Is.EqualTo(info.Shape), name);
                Assert.That(Largest(gguf.ReadFloats(name), source.ReadFloats(name)), Is.LessThanOrEqualTo(StepOf(golden, info)), name);
            }
        });
    }

    [TestCaseSource(nameof(WithSource))]
    public void A_models_configuration_says_what_the_checkpoints_says(GoldenCase golden)
    {
        using var gguf = GgufTensorSource.Open(golden.At(golden.Text("file")!));
        using var config = JsonDocument.Parse(File.ReadAllBytes(golden.At("config.json")));
        Assert.Multiple(() =>
        {
            foreach (var (key, value) in gguf.Configuration)
            {
                if (key is "dtype" or "rope_parameters" || !config.RootElement.TryGetProperty(key, out var expected) || expected.ValueKind == JsonValueKind.Null) continue;
                Assert.That(JsonNode.DeepEquals(value, JsonNode.Parse(expected.GetRawText())), Is.True, $"{key}: {value?.ToJsonString()} instead of {expected.GetRawText()}");
            }

            var theta = gguf.Configuration["rope_parameters"]?["rope_theta"]?.GetValue<double>();
            if (theta is not null) Assert.That(theta, Is.EqualTo(config.RootElement.GetProperty("rope_parameters").GetProperty("rope_theta").GetDouble()), "rope_theta");
        });
    }

    [TestCaseSource(nameof(WithSource))]
    public void A_checkpoint_is_written_as_the_converter_writes_it(GoldenCase golden)
    {
        using var folder = new TemporaryFolder();
        using var source = SafetensorsFile.Open(golden.At("model.safetensors"));
        var path = folder.At("written.gguf");
        GgufExport.Write(golden.Folder, source, path, new() { FileType = Enum.Parse<GgufFileType>(golden.Text("outtype")!, ignoreCase: true) });
        using var written = GgufFile.Open(path);
        using var expected = GgufFile.Open(golden.At(golden.Text("file")!));
        AssertSameMetadata(written, expected);
        AssertSameTensors(written, expected);
    }

    private static void AssertSameMetadata(GgufFile written, GgufFile expected) => Assert.Multiple(() =>
    {
        Assert.That(Compared(written).Order(StringComparer.Ordinal), Is.EqualTo(Compared(expected).Order(StringComparer.Ordinal)));
        foreach (var key in Compared(expected).Where(written.Metadata.Contains))
        {
            Assert.That(written.Metadata[key].ContentEquals(expected.Metadata[key]), Is.True, $"{key}: {written.Metadata[key]} instead of {expected.Metadata[key]}");
        }
    });

    // Names, size labels and licences are not compared.
    private static IEnumerable<string> Compared(GgufFile file) => file.Metadata.Select(p => p.Key).Where(k =>
        !k.StartsWith("general.", StringComparison.Ordinal) || k is "general.architecture" or "general.type" or "general.file_type" or "general.quantization_version");

    private static void AssertSameTensors(GgufFile written, GgufFile expected)
    {
        Assert.That(written.Tensors.Select(t => (t.Name, t.Type, t.ShapeText)), Is.EqualTo(expected.Tensors.Select(t => (t.Name, t.Type, t.ShapeText))));
        Assert.Multiple(() =>
        {
            foreach (var tensor in expected.Tensors) Assert.That(Bytes(written, tensor), Is.EqualTo(Bytes(expected, tensor)), tensor.Name);
        });
    }

    private static byte[] Bytes(GgufFile file, GgufTensor tensor)
    {
        var bytes = new byte[tensor.ByteCount];
        file.Read(tensor.Name, 0, bytes);
        return bytes;
    }

    private static IEnumerable<TestCaseData> Mixes() => Cases(g => g.Text("family") == "mixes");

    [TestCaseSource(nameof(Mixes))]
    public void Mixes_give_each_tensor_the_type_that_the_quantiser_gives_it(GoldenCase golden)
    {
        Assert.Multiple(() =>
        {
            foreach (var model in golden.Json.GetProperty("models").EnumerateArray())
            {
                var shape = new MixShape(
                    model.GetProperty("arch").GetString()!, Int(model, "layers"), Int(model, "heads") / Int(model, "kv"), Int(model, "experts"), model.GetProperty("tied").GetBoolean());
                foreach (var mix in model.GetProperty("types").EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Object))
                {
                    var type = Enum.Parse<GgufFileType>(mix.Name);
                    Assert.That((int)type, Is.EqualTo(Int(mix.Value, "file_type")), mix.Name);
                    var others = mix.Value.GetProperty("others").EnumerateObject().SelectMany(o => o.Value.EnumerateArray().Select(n => (Name: n.GetString()!, Type: o.Name)))
                        .ToDictionary(o => o.Name, o => o.Type);
                    foreach (var (name, extents) in TensorsOf(model))
                    {
                        var expected = others.GetValueOrDefault(name, mix.Value.GetProperty("most").GetString()!);
                        Assert.That(QuantizationMix.TypeOf(type, shape, name, extents).ToString(), Is.EqualTo(expected), $"{model.GetProperty("label")} {mix.Name} {name}");
                    }
                }
            }
        });
    }

    private static IEnumerable<(string Name, long[] Shape)> TensorsOf(JsonElement model)
    {
        long width = Int(model, "embd"), inner = Int(model, "ff"), keys = width / Int(model, "heads") * Int(model, "kv"), experts = Int(model, "experts");
        yield return ("token_embd.weight", [256, width]);
        if (!model.GetProperty("tied").GetBoolean()) yield return ("output.weight", [256, width]);
        for (var i = 0; i < Int(model, "layers"); i++)
        {
            yield return ($"blk.{i}.attn_output.weight", [width, width]);
            if (model.TryGetProperty("fused", out var fused) && fused.GetBoolean())
            {
                yield return ($"blk.{i}.attn_qkv.weight", [width + (2 * keys), width]);
                yield return ($"blk.{i}.ffn_up.weight", [2 * inner, width]);
                yield return ($"blk.{i}.ffn_down.weight", [width, inner]);
                continue;
            }

            foreach (var part in new[] { "q", "k", "v" }) yield return ($"blk.{i}.attn_{part}.weight", [part == "q" ? width : keys, width]);
            if (experts == 0)
            {
                foreach (var part in new[] { "gate", "up" }) yield return ($"blk.{i}.ffn_{part}.weight", [inner, width]);
                yield return ($"blk.{i}.ffn_down.weight", [width, inner]);
                continue;
            }

            yield return ($"blk.{i}.ffn_gate_inp.weight", [experts, width]);
            foreach (var part in new[] { "gate", "up" }) yield return ($"blk.{i}.ffn_{part}_exps.weight", [experts, inner, width]);
            yield return ($"blk.{i}.ffn_down_exps.weight", [experts, width, inner]);
        }
    }

    private static int Int(JsonElement element, string key) => element.GetProperty(key).GetInt32();

    private static IEnumerable<TestCaseData> Cases(Func<GoldenCase, bool> filter) =>
        GoldenCase.Of("gguf").Where(t => filter((GoldenCase)t.Arguments[0]!));

    private static double Largest(float[] a, float[] b) => a.Zip(b).Max(p => Math.Abs((double)p.First - p.Second));

    // Exact but for types with fewer bits than the source's binary16, and for Gemma's norms, where 1 is added in binary16.
    private static double StepOf(GoldenCase golden, TensorInfo info) => golden.Text("outtype") switch
    {
        "q8_0" => 0.02,
        "bf16" => 0.02,
        _ => info.Name.EndsWith("norm.weight", StringComparison.Ordinal) && golden.Text("family")!.StartsWith("gemma", StringComparison.Ordinal) ? 0.001 : 0,
    };
}

using System.Text.Json;
using System.Text.Json.Nodes;
using PeftStudio.Formats.Adapters;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Gguf;
using PeftStudio.Formats.Gguf.Conversion;
using PeftStudio.Formats.Quantization;
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

    private static IEnumerable<TestCaseData> Adapters() => Cases(g => g.Text("family") == "lora");

    [TestCaseSource(nameof(Adapters))]
    public void An_adapter_is_written_as_the_converter_writes_it(GoldenCase golden)
    {
        using var folder = new TemporaryFolder();
        using var adapter = AdapterFolder.Open(golden.Folder);
        GgufAdapter.Write(adapter, BaseOf(golden), folder.At("adapter.gguf"), Enum.Parse<GgufFileType>(golden.Text("outtype")!, ignoreCase: true));
        using var written = GgufFile.Open(folder.At("adapter.gguf"));
        using var expected = GgufFile.Open(golden.At(golden.Text("file")!));
        foreach (var key in Compared(expected))
        {
            Assert.That(written.Metadata[key].ContentEquals(expected.Metadata[key]), Is.True, $"{key}: {written.Metadata[key]} instead of {expected.Metadata[key]}");
        }

        AssertSameTensors(written, expected);
    }

    [TestCaseSource(nameof(Adapters))]
    public void An_adapter_file_reads_as_the_adapter_it_was_made_from(GoldenCase golden)
    {
        using var folder = new TemporaryFolder();
        using var file = GgufFile.Open(golden.At(golden.Text("file")!));
        var (configuration, tensors) = GgufAdapter.Read(file, BaseOf(golden));
        AdapterFolder.Write(folder.Path, configuration, tensors);
        using var read = AdapterFolder.Open(folder.Path);
        using var expected = AdapterFolder.Open(golden.Folder);
        Assert.That(read.Weights.Tensors.Keys.Order(StringComparer.Ordinal), Is.EqualTo(expected.Weights.Tensors.Keys.Order(StringComparer.Ordinal)));
        Assert.Multiple(() =>
        {
            foreach (var (name, info) in expected.Weights.Tensors)
            {
                Assert.That(read.Weights.Tensors[name].Shape, Is.EqualTo(info.Shape), name);
                Assert.That(Largest(read.Weights.ReadFloats(name), expected.Weights.ReadFloats(name)), Is.LessThanOrEqualTo(golden.Text("outtype") == "f16" ? 0.001 : 0), name);
                var path = name[AdapterFolder.KeyPrefix.Length..name.IndexOf(".lora_", StringComparison.Ordinal)];
                Assert.That(read.Configuration.ScalingOf(path), Is.EqualTo(expected.Configuration.ScalingOf(path)).Within(1e-6), path);
            }
        });
    }

    private static ModelConfiguration BaseOf(GoldenCase golden) => ModelConfiguration.Load(golden.At(Path.Combine(golden.Text("base")!, "config.json")));

    private static IEnumerable<TestCaseData> Splits() => Cases(g => g.Text("family") == "split");

    [TestCaseSource(nameof(Splits))]
    public void A_split_model_opens_by_its_first_part_and_equals_the_whole(GoldenCase golden)
    {
        var files = golden.Json.GetProperty("files").EnumerateArray().Select(f => f.GetString()!).ToArray();
        using var split = GgufFile.Open(golden.At(files[0]));
        using var whole = GgufFile.Open(golden.At(Path.Combine(golden.Text("base")!, "model.gguf")));
        Assert.That(split.Parts.Select(Path.GetFileName), Is.EqualTo(files));
        AssertSameTensors(split, whole);
        Assert.That(split.Metadata.Where(p => !p.Key.StartsWith("split.", StringComparison.Ordinal)).Select(p => p.Key), Is.EqualTo(whole.Metadata.Select(p => p.Key)));
        using var model = GgufTensorSource.Open(golden.At(files[0]));
        using var wholeModel = GgufTensorSource.Open(golden.At(Path.Combine(golden.Text("base")!, "model.gguf")));
        foreach (var name in wholeModel.Tensors.Keys) Assert.That(model.ReadBytes(name), Is.EqualTo(wholeModel.ReadBytes(name)), name);
    }

    private static IEnumerable<TestCaseData> Listed() => Cases(g => g.Json.TryGetProperty("metadata", out _));

    [TestCaseSource(nameof(Listed))]
    public void Header_metadata_and_tensors_are_read_as_listed(GoldenCase golden)
    {
        using var file = GgufFile.Open(golden.At(golden.Text("file")!));
        Assert.Multiple(() =>
        {
            foreach (var entry in golden.Json.GetProperty("metadata").EnumerateObject())
            {
                Assert.That(Matches(file.Metadata[entry.Name], entry.Value), Is.True, $"{entry.Name}: {file.Metadata[entry.Name]} instead of {entry.Value.GetRawText()}");
            }

            if (golden.Json.TryGetProperty("tensors", out var tensors))
            {
                Assert.That(file.Tensors.Select(t => $"{t.Name} {t.Type} {t.ShapeText}"), Is.EqualTo(tensors.EnumerateArray().Select(t =>
                    $"{t.GetProperty("name").GetString()} {t.GetProperty("type").GetString()} {TensorInfo.FormatShape(t.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()))}")));
            }

            if (!golden.Json.TryGetProperty("types", out var types)) return;
            foreach (var entry in types.EnumerateObject()) Assert.That(file.Find(entry.Name)!.Type.ToString(), Is.EqualTo(entry.Value.GetString()), entry.Name);
        });
    }

    private static bool Matches(GgufValue value, JsonElement expected) => expected.ValueKind switch
    {
        JsonValueKind.String => value.TryGetText(out var text) && text == expected.GetString(),
        JsonValueKind.True or JsonValueKind.False => value.TryGetFlag(out var flag) && flag == expected.GetBoolean(),
        JsonValueKind.Number => value.TryGetNumber(out var number) && number == expected.GetDouble(),
        _ => value.Count == expected.GetArrayLength(),
    };

    private static IEnumerable<TestCaseData> WithoutSource() => Cases(g => g.Text("file") == "model.gguf" && !g.Json.TryGetProperty("source", out _));

    [TestCaseSource(nameof(WithoutSource))]
    public void Quantised_rows_can_be_read_as_blocks_in_the_order_of_the_checkpoint(GoldenCase golden)
    {
        using var model = GgufTensorSource.Open(golden.At("model.gguf"));
        var blocks = model.Tensors.Keys.Where(n => model.BlockTypeOf(n) is not null).ToArray();
        Assert.That(blocks, Is.Not.Empty);
        foreach (var name in blocks)
        {
            var type = model.BlockTypeOf(name)!.Value;
            var bytes = new byte[GgmlTypes.ByteCount(type, model.Tensors[name].ElementCount)];
            model.ReadBlocks(name, 0, bytes);
            var values = new float[model.Tensors[name].ElementCount];
            BlockFormats.Dequantize(type, bytes, values);
            Assert.That(values, Is.EqualTo(model.ReadFloats(name)), name);
        }
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

using System.Text.Json;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Inference.Benchmark;

/// <summary>Extents of a Llama-like model; weights are random.</summary>
internal sealed record Shape(string Name, int Layers, int Hidden, int Heads, int KeyValueHeads, int FeedForward, int Vocabulary, bool Tied)
{
    internal static Shape[] Known { get; } =
    [
        new("tiny", 4, 128, 4, 2, 256, 1024, true),
        new("smollm2-135m", 30, 576, 9, 3, 1536, 49_152, true),
        new("smollm2-360m", 32, 960, 15, 5, 2560, 49_152, true),
        new("llama-1.1b", 22, 2048, 32, 4, 5632, 32_000, false),
    ];

    private static readonly string[] Architectures = ["LlamaForCausalLM"];

    /// <summary>Writes config.json and a bfloat16 model.safetensors.</summary>
    internal void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var config = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["model_type"] = "llama", ["architectures"] = Architectures, ["hidden_size"] = Hidden, ["intermediate_size"] = FeedForward,
            ["num_hidden_layers"] = Layers, ["num_attention_heads"] = Heads, ["num_key_value_heads"] = KeyValueHeads, ["vocab_size"] = Vocabulary,
            ["max_position_embeddings"] = 8192, ["rms_norm_eps"] = 1e-5, ["rope_theta"] = 100_000.0, ["tie_word_embeddings"] = Tied, ["dtype"] = "bfloat16",
        });
        File.WriteAllBytes(Path.Combine(folder, "config.json"), config);
        var blueprint = ModelFamilies.Describe(ModelConfiguration.Parse(config, "benchmark"));
        var random = new Random(1);
        SafetensorsWriter.Write(
            Path.Combine(folder, "model.safetensors"),
            blueprint.Tensors.Select(t => new TensorInfo(t.Name, TensorType.BF16, t.Shape, t.Shape.Aggregate(2L, (a, b) => a * b))),
            (info, stream) => WriteRandom(info, stream, random));
    }

    private static void WriteRandom(TensorInfo info, Stream stream, Random random)
    {
        var isNorm = info.Shape.Count == 1;
        var scale = isNorm ? 0 : 1 / Math.Sqrt(info.Shape[^1]);
        var row = new byte[checked((int)info.Shape[^1] * 2)];
        for (var done = 0L; done < info.ByteCount; done += row.Length)
        {
            for (var i = 0; i < row.Length; i += 2)
            {
                var value = (float)(isNorm ? 1 : ((2 * random.NextDouble()) - 1) * scale * 1.7);
                BitConverter.TryWriteBytes(row.AsSpan(i), FloatConversion.ToBFloat16(value));
            }

            stream.Write(row);
        }
    }
}

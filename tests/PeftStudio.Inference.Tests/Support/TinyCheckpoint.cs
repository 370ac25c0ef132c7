using System.Runtime.InteropServices;
using System.Text.Json;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;
using PeftStudio.TestSupport;

namespace PeftStudio.Inference.Tests.Support;

/// <summary>Writes small Llama checkpoints with weights that a test chooses.</summary>
internal sealed class TinyCheckpoint : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private TinyCheckpoint(Dictionary<string, object> config, Func<TensorBlueprint, float[]> values)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(config);
        File.WriteAllBytes(_folder.At("config.json"), json);
        var blueprint = ModelFamilies.Describe(ModelConfiguration.Parse(json, "test"));
        SafetensorsWriter.Write(_folder.At("model.safetensors"), blueprint.Tensors.Select(t =>
        {
            ReadOnlyMemory<byte> bytes = MemoryMarshal.AsBytes<float>(values(t)).ToArray();
            return (new TensorInfo(t.Name, TensorType.F32, t.Shape, bytes.Length), bytes);
        }));
        Checkpoint = Checkpoint.Open(_folder.Path);
    }

    internal Checkpoint Checkpoint { get; }

    /// <summary>Random weights. Odd extents on purpose: nothing is a multiple of a vector.</summary>
    internal static TinyCheckpoint Random(int seed = 1, bool tied = false, int context = 1024)
    {
        var random = new Random(seed);
        return new(Config(hidden: 44, vocabulary: 97, context, tied, heads: 6, keyValueHeads: 2, headSize: 10), tensor =>
        {
            var scale = tensor.Shape.Count == 1 ? 0.1 : 2 / Math.Sqrt(tensor.Shape[^1]);
            var offset = tensor.Shape.Count == 1 ? 1 : 0;
            return Fill(tensor, _ => (float)(offset + (((2 * random.NextDouble()) - 1) * scale)));
        });
    }

    /// <summary>
    /// A model that says after each id the one that a map names: layers add nothing, embeddings are unit vectors, the head reads the map.
    /// </summary>
    /// <param name="successors">The next id of each id.</param>
    /// <param name="margin">Roughly how far the best logit lies above the others.</param>
    internal static TinyCheckpoint Chain(int[] successors, float margin = 50, int context = 256, int vocabulary = 0)
    {
        var size = Math.Max(successors.Length, vocabulary);
        return new(Config(hidden: size + (size % 2), vocabulary: size, context, tied: false, heads: 1, keyValueHeads: 1, headSize: 8), tensor =>
        {
            var columns = (int)tensor.Shape[^1];
            return tensor.Name switch
            {
                "model.embed_tokens.weight" => Fill(tensor, i => i / columns == i % columns ? 1 : 0),
                // The norm brings a unit vector of E elements to √E.
                "lm_head.weight" => Fill(tensor, i => Follows((int)(i % columns), (int)(i / columns)) ? margin / MathF.Sqrt(columns) : 0),
                _ when tensor.Shape.Count == 1 => Fill(tensor, _ => 1),
                _ => Fill(tensor, _ => 0),
            };
        });

        bool Follows(int id, int next) => id < successors.Length && successors[id] == next;
    }

    public void Dispose()
    {
        Checkpoint.Dispose();
        _folder.Dispose();
    }

    private static float[] Fill(TensorBlueprint tensor, Func<long, float> value)
    {
        var values = new float[tensor.Shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0L; i < values.Length; i++) values[i] = value(i);
        return values;
    }

    private static Dictionary<string, object> Config(int hidden, int vocabulary, int context, bool tied, int heads, int keyValueHeads, int headSize) => new()
    {
        ["model_type"] = "llama", ["architectures"] = new[] { "LlamaForCausalLM" }, ["hidden_size"] = hidden, ["intermediate_size"] = 37,
        ["num_hidden_layers"] = 2, ["num_attention_heads"] = heads, ["num_key_value_heads"] = keyValueHeads, ["head_dim"] = headSize,
        ["vocab_size"] = vocabulary, ["max_position_embeddings"] = context, ["rms_norm_eps"] = 1e-6, ["tie_word_embeddings"] = tied,
    };
}

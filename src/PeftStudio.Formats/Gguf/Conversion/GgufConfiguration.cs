using System.Text.Json.Nodes;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>Writes the metadata of a GGUF model as a Hugging Face <c>config.json</c>.</summary>
internal static class GgufConfiguration
{
    /// <summary>Most layers of a file with few tensors; others have at least one tensor a layer.</summary>
    private const int MostLayers = 4096;

    internal static JsonObject Read(GgufFamily family, GgufReading reading)
    {
        var scope = reading.Scope;
        if (scope.Integer("block_count") is { } layers && layers > Math.Max(MostLayers, reading.File.Tensors.Count))
        {
            throw GgufErrors.Invalid(scope.Metadata.Source, $"{scope.Key("block_count")} {layers}", $"the file has {reading.File.Tensors.Count} tensors");
        }

        var json = new JsonObject
        {
            ["architectures"] = new JsonArray(family.ClassName),
            ["model_type"] = family.ModelType,
        };
        foreach (var parameter in family.HyperParameters) parameter.Read(reading, json);
        json["vocab_size"] = Rows(reading);
        json["tie_word_embeddings"] = !reading.Has("output.weight");
        json["dtype"] = TypeName(reading);
        AddTokens(reading.Scope.Metadata, json);
        return json;
    }

    private static int Rows(GgufReading reading)
    {
        if (!reading.File.Tensors.TryGetValue("token_embd.weight", out var embedding)) return reading.Scope.Positive("vocab_size");
        return embedding.Shape.Count == 2 && embedding.Shape[0] is > 0 and <= int.MaxValue ? (int)embedding.Shape[0]
            : throw GgufErrors.Invalid(reading.Scope.Metadata.Source, $"token_embd.weight {embedding.ShapeText}", "an embedding is a matrix");
    }

    private static string TypeName(GgufReading reading) =>
        reading.File.Tensors.TryGetValue("token_embd.weight", out var embedding) ? embedding.Type switch
        {
            Tensors.TensorType.F16 => "float16",
            Tensors.TensorType.BF16 => "bfloat16",
            _ => "float32",
        }
        : "float32";

    private static void AddTokens(GgufMetadata metadata, JsonObject json)
    {
        if (Token("bos") is { } bos) json["bos_token_id"] = bos;
        if (Token("padding") is { } pad) json["pad_token_id"] = pad;

        // A chat model ends its turn with another token than its text.
        var ends = new[] { Token("eos"), Token("eot"), Token("eom") }.OfType<int>().Distinct().ToArray();
        if (ends.Length == 1) json["eos_token_id"] = ends[0];
        else if (ends.Length > 1) json["eos_token_id"] = new JsonArray([.. ends.Select(i => (JsonNode)i)]);

        int? Token(string name) => metadata.Integer($"tokenizer.ggml.{name}_token_id") is { } id and >= 0 ? id : null;
    }
}

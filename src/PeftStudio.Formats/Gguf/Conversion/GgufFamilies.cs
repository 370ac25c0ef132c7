using PeftStudio.Formats.Gguf.Conversion.Families;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>All families: the one place that knows which there are.</summary>
internal static class GgufFamilies
{
    /// <summary>In the order in which they are asked whether a file is theirs.</summary>
    internal static IReadOnlyList<GgufFamily> All { get; } =
    [
        LlamaFamilies.Mixtral, LlamaFamilies.Llama, LlamaFamilies.Mistral, LlamaFamilies.SmolLm3, LlamaFamilies.Granite, LlamaFamilies.GraniteMoe, LlamaFamilies.Arcee, LlamaFamilies.Olmo,
        QwenFamilies.Qwen2, QwenFamilies.Qwen2Moe, QwenFamilies.Qwen3, QwenFamilies.Qwen3Moe, GemmaFamilies.Gemma, GemmaFamilies.Gemma2, GemmaFamilies.Gemma3,
        PhiFamilies.Phi2, PhiFamilies.Phi3, GptFamilies.Gpt2, GptFamilies.StarCoder, GptFamilies.GptNeoX, GptFamilies.Falcon, GptFamilies.Bloom,
        OtherFamilies.StableLm, OtherFamilies.StarCoder2, OtherFamilies.Cohere, OtherFamilies.Cohere2, OtherFamilies.Olmo2, OtherFamilies.Olmo3, OtherFamilies.Olmoe,
        OtherFamilies.Nemotron, OtherFamilies.Exaone4, OtherFamilies.Ernie45, OtherFamilies.SeedOss, GlmFamilies.Glm, GlmFamilies.Glm4, GlmFamilies.Glm4Moe,
        DeepSeekFamilies.V2, DeepSeekFamilies.V3,
    ];

    /// <summary>The family of a file.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnknownGgufArchitecture"/>.</exception>
    internal static GgufFamily Of(GgufReading reading) =>
        All.FirstOrDefault(f => f.Architecture == reading.Scope.Architecture && f.Claims(reading)) ?? throw Unknown($"GGUF architecture '{reading.Scope.Architecture}' of {reading.Scope.Metadata.Source}");

    /// <summary>The family of a model type, or null.</summary>
    internal static GgufFamily? OfModelType(string modelType) => All.FirstOrDefault(f => f.ModelType == modelType);

    /// <summary>The first family of an architecture, or null.</summary>
    internal static GgufFamily? OfArchitecture(string architecture) => All.FirstOrDefault(f => f.Architecture == architecture);

    internal static PeftStudioException Unknown(string asked) => new(
        ErrorCodes.UnknownGgufArchitecture, "no translation between GGUF and Hugging Face is known", asked,
        "known architectures are " + string.Join(", ", All.Select(f => f.Architecture).Distinct().Order(StringComparer.Ordinal)),
        "use a model of one of these families, or the Hugging Face checkpoint of this one");
}

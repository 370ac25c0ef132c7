using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>What a rule may ask: the model's configuration and the tensors on the side that it reads.</summary>
/// <param name="Configuration">In Hugging Face form, whichever way the conversion goes.</param>
/// <param name="Tensors">Tensors by name.</param>
/// <param name="Source">For messages.</param>
internal sealed record TensorLookup(ModelConfiguration Configuration, IReadOnlyDictionary<string, TensorInfo> Tensors, string Source)
{
    /// <summary>Tokens of the vocabulary, where known: some converters cut the embedding to as many rows.</summary>
    internal int? TokenCount { get; init; }

    internal TensorInfo? Find(string name) => Tensors.GetValueOrDefault(name);

    internal TensorInfo Require(string name) => Find(name) ?? throw new PeftStudioException(
        ErrorCodes.MissingTensors, "checkpoint lacks tensors", $"'{name}'", $"{Source} holds {Tensors.Count} tensors without it",
        "download or export the complete model again");

    internal PeftStudioException Unfit(TensorInfo tensor, string rule) => new(
        ErrorCodes.TensorShapeMismatch, "tensor has another shape than the configuration says", $"'{tensor.Name}' of {Source}", $"{tensor.ShapeText}; {rule}",
        "use configuration and weights of the same model");
}

namespace PeftStudio.Formats.Blueprints;

/// <summary>
/// A model as data: which modules there are, how they are wired and how their tensors are named in a Hugging Face checkpoint.
/// Two interpreters read it, the TorchSharp one that trains and the managed one that generates; neither knows a family.
/// </summary>
/// <remarks>
/// Letters for extents: <c>B</c> batch, <c>T</c> tokens, <c>H</c> heads, <c>K</c> key/value heads, <c>D</c> head size, <c>E</c> hidden size,
/// <c>F</c> feed-forward size, <c>V</c> vocabulary size.
/// </remarks>
public sealed record ModelBlueprint
{
    /// <summary><c>model_type</c> of the configuration, such as <c>llama</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>Class name of the reference implementation, such as <c>LlamaForCausalLM</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>E, the width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>V, rows of the token embedding; may exceed the tokenizer's size.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Longest sequence the model was made for, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>How token ids become the first hidden state.</summary>
    public required EmbeddingBlueprint Embedding { get; init; }

    /// <summary>The blocks in order.</summary>
    public required IReadOnlyList<LayerBlueprint> Layers { get; init; }

    /// <summary>Norm after the last block, if there is one.</summary>
    public NormBlueprint? FinalNorm { get; init; }

    /// <summary>What turns the last hidden state into scores.</summary>
    public required HeadBlueprint Head { get; init; }

    /// <summary>Rotary settings in use, for whoever needs their limits; layers refer to the same objects.</summary>
    public IEnumerable<RopeBlueprint> Ropes => Layers.Select(l => l.Attention.Rope).OfType<RopeBlueprint>().Distinct();

    /// <summary>Element type recorded in the configuration (<c>dtype</c> or <c>torch_dtype</c>), such as <c>bfloat16</c>.</summary>
    public string? RecordedType { get; init; }

    /// <summary><c>bos_token_id</c>, if the configuration has one.</summary>
    public int? BosTokenId { get; init; }

    /// <summary><c>eos_token_id</c>: one or several ids that end a text; generation_config.json wins over config.json.</summary>
    public IReadOnlyList<int> EosTokenIds { get; init; } = [];

    /// <summary><c>pad_token_id</c>, if the configuration has a usable one.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>Prefix that files saved from the bare body lack, such as <c>model.</c>.</summary>
    public required string BasePrefix { get; init; }

    /// <summary>Every linear of the model in the order of its forward pass, the head included when it is a linear of its own.</summary>
    public IEnumerable<LinearBlueprint> Linears =>
        Layers.SelectMany(l => l.Linears).Concat(Head.Linear is { } head ? [head] : []);

    /// <summary>Every tensor that a checkpoint of this model must have.</summary>
    public IEnumerable<TensorBlueprint> Tensors =>
        Embedding.Tensors.Concat(Layers.SelectMany(l => l.Tensors)).Concat(FinalNorm?.Tensors ?? []).Concat(Head.Tensors);
}

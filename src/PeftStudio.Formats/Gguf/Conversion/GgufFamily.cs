using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>
/// One model type and the GGUF architecture it is written as: names, row orders and hyper-parameters, all as llama.cpp's converter writes
/// and its loader reads them. A family is one such record in <c>Families</c>.
/// </summary>
internal sealed record GgufFamily
{
    /// <summary><c>general.architecture</c>.</summary>
    internal required string Architecture { get; init; }

    /// <summary>Hugging Face <c>model_type</c>.</summary>
    internal required string ModelType { get; init; }

    /// <summary>Class that a configuration read from a file names.</summary>
    internal required string ClassName { get; init; }

    /// <summary>Tensors.</summary>
    internal required IReadOnlyList<TensorRule> Tensors { get; init; }

    /// <summary>Hyper-parameters in the order of the file.</summary>
    internal required IReadOnlyList<HyperParameter> HyperParameters { get; init; }

    /// <summary>Whether this family, not another one of the architecture, made a file.</summary>
    internal Func<GgufReading, bool> Claims { get; init; } = _ => true;

    /// <summary>What GGUF files of the architecture cannot express of a configuration, or null.</summary>
    internal Func<ModelConfiguration, string?> Obstacle { get; init; } = _ => null;

    /// <summary>Prefix of the body's tensors, which files saved from the bare body lack.</summary>
    internal string BasePrefix { get; init; } = "model.";

    /// <summary>Whether <c>general.file_type</c> is written; one converter class forgets it.</summary>
    internal bool WritesFileType { get; init; } = true;

    /// <summary>Ends of Hugging Face tensor names that the converter leaves out.</summary>
    internal IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Tensors that are computed from the configuration, such as rotary divisors.</summary>
    internal Func<ModelConfiguration, IEnumerable<(string Name, float[] Values)>> Extras { get; init; } = _ => [];

    /// <summary>How the vocabulary is written.</summary>
    internal VocabularyStyle Vocabulary { get; init; } = VocabularyStyle.ByteLevel;

    /// <summary>What the converter adds to the vocabulary's metadata.</summary>
    internal Action<GgufMetadata> AdjustVocabulary { get; init; } = _ => { };

    /// <summary>Activation that the architecture's graph has built in, as names of configurations.</summary>
    internal IReadOnlyList<string> Activations { get; init; } = ["silu", "swish"];
}

/// <summary>Where a family's converter takes the vocabulary from.</summary>
internal enum VocabularyStyle
{
    /// <summary>tokenizer.json, byte-level pairs.</summary>
    ByteLevel,

    /// <summary>tokenizer.model, or tokenizer.json.</summary>
    SentencePieceOrByteLevel,

    /// <summary>tokenizer.model, then tokenizer.json with scored pieces, then byte-level pairs.</summary>
    Llama,

    /// <summary>tokenizer.model only.</summary>
    SentencePiece,

    /// <summary>tokenizer.model with the added tokens of tokenizer.json, or tokenizer.json where the class says so.</summary>
    Phi,
}

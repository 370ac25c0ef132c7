using System.Text.Json.Nodes;

namespace PeftStudio.Formats.Adapters;

/// <summary>How the factors of a new adapter start.</summary>
public enum LoraInitialization
{
    /// <summary>A uniform in ±1/√in (Kaiming with a = √5), B zero: the adapter changes nothing at first. PEFT's <c>true</c>.</summary>
    Default,

    /// <summary>A normal with standard deviation 1/r, B zero.</summary>
    Gaussian,

    /// <summary>A and B both uniform: the adapter is not neutral at first; for tests. PEFT's <c>false</c>.</summary>
    Random,
}

/// <summary>
/// The part of PEFT's <c>adapter_config.json</c> (peft_type LORA) that PeftStudio acts on, with PEFT 0.21's names, meanings and defaults.
/// Fields that are only carried along are kept in <see cref="Carried"/>.
/// </summary>
public sealed record LoraConfiguration
{
    /// <summary><c>r</c>, the rank, at least 1.</summary>
    public int Rank { get; init; } = 8;

    /// <summary><c>lora_alpha</c>, numerator of the scaling.</summary>
    public double Alpha { get; init; } = 8;

    /// <summary><c>lora_dropout</c>, share of the adapter's input that is dropped in training: 0 to less than 1.</summary>
    public double Dropout { get; init; }

    /// <summary><c>target_modules</c>; null stands for the family's default until it is resolved.</summary>
    public TargetModules? TargetModules { get; init; }

    /// <summary><c>exclude_modules</c>.</summary>
    public TargetModules? ExcludeModules { get; init; }

    /// <summary><c>layers_to_transform</c>: indices of the layers to adapt; empty for all.</summary>
    public IReadOnlyList<int> LayersToTransform { get; init; } = [];

    /// <summary><c>layers_pattern</c>: names of the list that holds the layers; empty for the first numbered one.</summary>
    public IReadOnlyList<string> LayersPattern { get; init; } = [];

    /// <summary><c>rank_pattern</c>, in file order: the first that matches a module's path wins.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> RankPattern { get; init; } = [];

    /// <summary><c>alpha_pattern</c>, in file order.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> AlphaPattern { get; init; } = [];

    /// <summary><c>use_rslora</c>: scaling α/√r instead of α/r (Kalajdzievski 2023).</summary>
    public bool UseRsLora { get; init; }

    /// <summary><c>init_lora_weights</c>.</summary>
    public LoraInitialization Initialization { get; init; }

    /// <summary><c>base_model_name_or_path</c>.</summary>
    public string? BaseModel { get; init; }

    /// <summary><c>task_type</c>.</summary>
    public string? TaskType { get; init; } = "CAUSAL_LM";

    /// <summary>Fields of the file that are written back as they were read.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Carried { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>The rank that a module gets.</summary>
    /// <param name="path">Module path in the base model.</param>
    public int RankOf(string path) => TargetMatcher.FirstMatch(RankPattern, path, Rank);

    /// <summary>The scaling that a module gets: α/r, or α/√r with rsLoRA, both after patterns.</summary>
    /// <param name="path">Module path in the base model.</param>
    public double ScalingOf(string path)
    {
        var rank = RankOf(path);
        return TargetMatcher.FirstMatch(AlphaPattern, path, Alpha) / (UseRsLora ? Math.Sqrt(rank) : rank);
    }
}

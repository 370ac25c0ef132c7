using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Gguf;
using PeftStudio.Formats.Pickle;
using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Checkpoints;

/// <summary>
/// A model on disk: its blueprint and its tensors under the names that the blueprint uses. Opening reads configuration and headers
/// and checks that every tensor is there in the right shape; no weight is read.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private readonly ITensorSource _source;
    private readonly Dictionary<string, string> _fileNames;

    private Checkpoint(string path, ModelConfiguration configuration, ModelBlueprint blueprint, ITensorSource source, CheckpointNames names)
    {
        Path = path;
        Configuration = configuration;
        Blueprint = blueprint;
        _source = source;
        _fileNames = names.ToFile;
        Warnings = names.Warnings;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Its configuration.</summary>
    public ModelConfiguration Configuration { get; }

    /// <summary>What the configuration describes.</summary>
    public ModelBlueprint Blueprint { get; }

    /// <summary>What is unusual but usable, such as tensors that the model does not have.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Opens a Hugging Face checkpoint folder, or a GGUF file.</summary>
    /// <param name="folder">Holds <c>config.json</c> and safetensors or pickle files; or the path of a <c>.gguf</c> file, which holds everything.</param>
    /// <exception cref="PeftStudioException">Something is missing, malformed or not supported; the code says which.</exception>
    public static Checkpoint Open(string folder) => Open(folder, System.IO.Path.Combine(folder, "config.json"));

    /// <summary>Opens a checkpoint folder with a configuration that lies elsewhere.</summary>
    /// <param name="folder">Holds the weights.</param>
    /// <param name="configurationPath">The configuration file.</param>
    public static Checkpoint Open(string folder, string configurationPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(configurationPath);
        if (IsGguf(folder)) return OpenGguf(folder);
        if (!Directory.Exists(folder))
        {
            throw new PeftStudioException(
                ErrorCodes.FileNotFound, "model folder not found", folder, "no folder of that name",
                "name a folder that holds a Hugging Face checkpoint: config.json beside model.safetensors");
        }

        var configuration = ModelConfiguration.Load(configurationPath);
        var blueprint = WithGenerationDefaults(folder, ModelFamilies.Describe(configuration));
        var source = OpenWeights(folder);
        try
        {
            return new Checkpoint(folder, configuration, blueprint, source, CheckpointNames.Resolve(folder, blueprint, source));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>What the file says of a tensor, found under its blueprint name.</summary>
    public TensorInfo Info(string name) => _source.Tensors[_fileNames[name]];

    /// <summary>Copies a part of a tensor's raw bytes; see <see cref="ITensorSource.Read"/>.</summary>
    public void Read(string name, long offset, Span<byte> destination) => _source.Read(_fileNames[name], offset, destination);

    /// <summary>Reads a floating-point tensor of any type as float32.</summary>
    public void ReadFloats(string name, Span<float> destination) => _source.ReadFloats(_fileNames[name], destination);

    /// <summary>Reads a whole floating-point tensor as float32.</summary>
    public float[] ReadFloats(string name) => _source.ReadFloats(_fileNames[name]);

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private static bool IsGguf(string path) => path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && File.Exists(path);

    private static Checkpoint OpenGguf(string path)
    {
        var source = GgufTensorSource.Open(path);
        try
        {
            var configuration = ModelConfiguration.Parse(System.Text.Encoding.UTF8.GetBytes(source.Configuration.ToJsonString()), path);
            var blueprint = ModelFamilies.Describe(configuration);
            return new Checkpoint(path, configuration, blueprint, source, CheckpointNames.Resolve(path, blueprint, source));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static ITensorSource OpenWeights(string folder)
    {
        var single = System.IO.Path.Combine(folder, "model.safetensors");
        if (File.Exists(single)) return SafetensorsFile.Open(single);
        var index = single + ".index.json";
        if (File.Exists(index)) return ShardedTensors.Open(index);
        var pickled = System.IO.Path.Combine(folder, "pytorch_model.bin");
        if (File.Exists(pickled)) return PickleCheckpoint.Open(pickled);
        if (File.Exists(pickled + ".index.json")) return ShardedTensors.Open(pickled + ".index.json");
        throw new PeftStudioException(
            ErrorCodes.FileNotFound, "no weights in the model folder", folder, "neither model.safetensors nor pytorch_model.bin, nor an index of either",
            "download the weights into this folder, or name the folder that holds them");
    }

    // generation_config.json wins over the same keys of config.json, as in the reference.
    private static ModelBlueprint WithGenerationDefaults(string folder, ModelBlueprint blueprint)
    {
        var path = System.IO.Path.Combine(folder, "generation_config.json");
        if (!File.Exists(path) || GenerationDefaults.Load(path) is not { } defaults) return blueprint;
        return blueprint with
        {
            BosTokenId = defaults.BosTokenId ?? blueprint.BosTokenId,
            EosTokenIds = defaults.EosTokenIds.Count > 0 ? defaults.EosTokenIds : blueprint.EosTokenIds,
            PadTokenId = defaults.PadTokenId ?? blueprint.PadTokenId,
        };
    }
}

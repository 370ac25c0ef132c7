using PeftStudio.Formats.Files;
using PeftStudio.Formats.Pickle;
using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Adapters;

/// <summary>
/// A LoRA adapter as Hugging Face PEFT lays it out: <c>adapter_config.json</c> beside <c>adapter_model.safetensors</c>, or beside the older
/// <c>adapter_model.bin</c>, from which tensors are read and nothing is executed.
/// Opening reads the configuration and the header; factors are read on demand.
/// </summary>
public sealed class AdapterFolder : IDisposable
{
    /// <summary>Name of the configuration file.</summary>
    public const string ConfigurationFile = "adapter_config.json";

    /// <summary>Name of the weight file.</summary>
    public const string WeightFile = "adapter_model.safetensors";

    /// <summary>What PEFT puts before every module path.</summary>
    public const string KeyPrefix = "base_model.model.";

    /// <summary>The PEFT release whose files ours equal.</summary>
    public const string PeftVersion = LoraConfigurationJson.PeftVersion;

    private const string PickledWeightFile = "adapter_model.bin";
    private const long MaxConfigurationBytes = 16 << 20;

    private readonly ITensorSource _weights;

    private AdapterFolder(string path, LoraConfiguration configuration, IReadOnlyList<string> warnings, ITensorSource weights)
    {
        Path = path;
        Configuration = configuration;
        Warnings = warnings;
        _weights = weights;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The configuration.</summary>
    public LoraConfiguration Configuration { get; }

    /// <summary>What was dropped or is unusual.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The tensors under the names of the file.</summary>
    public ITensorSource Weights => _weights;

    /// <summary>Opens an adapter folder.</summary>
    /// <exception cref="PeftStudioException">A file is missing or malformed, or the method is not supported.</exception>
    public static AdapterFolder Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var configPath = System.IO.Path.Combine(folder, ConfigurationFile);
        if (!File.Exists(configPath))
        {
            throw new PeftStudioException(
                ErrorCodes.FileNotFound, "adapter not found", configPath, "no file of that name",
                "name a folder that holds adapter_config.json beside adapter_model.safetensors");
        }

        if (new FileInfo(configPath).Length > MaxConfigurationBytes)
        {
            throw new PeftStudioException(
                ErrorCodes.InvalidAdapterConfiguration, "adapter configuration is not usable", configPath,
                $"more than {MaxConfigurationBytes} bytes", "use the adapter_config.json that PEFT wrote");
        }

        var warnings = new List<string>();
        var configuration = LoraConfigurationJson.Read(File.ReadAllBytes(configPath), configPath, warnings);
        var weightPath = System.IO.Path.Combine(folder, WeightFile);
        var pickled = System.IO.Path.Combine(folder, PickledWeightFile);
        return new AdapterFolder(
            folder, configuration, warnings, !File.Exists(weightPath) && File.Exists(pickled) ? PickleCheckpoint.Open(pickled) : SafetensorsFile.Open(weightPath));
    }

    /// <summary>Name in the file of one factor of a module.</summary>
    /// <param name="path">Module path in the base model.</param>
    /// <param name="suffix">What follows it, such as <c>lora_A.weight</c>.</param>
    public static string KeyOf(string path, string suffix) => $"{KeyPrefix}{path}.{suffix}";

    /// <summary>Writes an adapter folder. The weights come first, so that a folder with a configuration is complete.</summary>
    /// <param name="folder">Created if needed; files of the same names are replaced.</param>
    /// <param name="configuration">Its configuration, with targets resolved.</param>
    /// <param name="tensors">Tensors under their names in the file.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.DiskFull"/> or <see cref="ErrorCodes.OutputNotWritable"/>.</exception>
    public static void Write(
        string folder, LoraConfiguration configuration, IEnumerable<(TensorInfo Info, ReadOnlyMemory<byte> Data)> tensors)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        SafetensorsWriter.Write(System.IO.Path.Combine(folder, WeightFile), tensors);
        SafeFile.WriteText(System.IO.Path.Combine(folder, ConfigurationFile), LoraConfigurationJson.Write(configuration));
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();
}

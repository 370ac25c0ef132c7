using PeftStudio.Formats.Adapters;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Gguf.Conversion;
using PeftStudio.Formats.Quantization;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf;

/// <summary>
/// LoRA adapters between PEFT's layout and llama.cpp's adapter files (<c>general.type</c> "adapter"). The file scales each pair by α/r with
/// r of the pair and one α, so other scalings are folded into α or into B.
/// </summary>
public static class GgufAdapter
{
    private const string Down = ".lora_a";
    private const string Up = ".lora_b";

    /// <summary>Writes a PEFT adapter as an adapter file.</summary>
    /// <param name="configuration">The adapter's configuration.</param>
    /// <param name="weights">Its tensors under PEFT's names.</param>
    /// <param name="baseModel">The base model's configuration, which gives architecture and head counts.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="fileType">F32, F16, BF16 or Q8_0; rows that do not fit the last become F16.</param>
    /// <param name="name"><c>general.name</c>, if wanted.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.AdapterNotExpressibleInGguf"/> names what an adapter file cannot hold;
    /// <see cref="ErrorCodes.UnknownGgufArchitecture"/>; or an error of reading or writing.</exception>
    public static void Write(
        LoraConfiguration configuration, ITensorSource weights, ModelConfiguration baseModel, string path, GgufFileType fileType = GgufFileType.F32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(baseModel);
        if (!QuantizationMix.IsPlain(fileType)) throw new ArgumentOutOfRangeException(nameof(fileType), fileType, "adapters are written as F32, F16, BF16 or Q8_0");
        var family = GgufFamilies.OfModelType(baseModel.ModelType) ?? throw GgufFamilies.Unknown($"base model of type '{baseModel.ModelType}'");
        var pairs = AdapterPairs.FromPeft(configuration, weights, new AdapterModules(family, baseModel), out var alpha);
        var metadata = new GgufMetadata(path)
        {
            ["general.architecture"] = GgufValue.Of(family.Architecture),
            ["general.type"] = GgufValue.Of("adapter"),
            ["adapter.type"] = GgufValue.Of("lora"),
        };
        if (name is not null) metadata["general.name"] = GgufValue.Of(name);
        metadata["adapter.lora.alpha"] = GgufValue.Of((float)alpha);
        metadata["general.quantization_version"] = GgufValue.Of(2u);
        var factors = pairs.SelectMany(p => new[] { (Name: p.Tensor + Down, p.Down), (Name: p.Tensor + Up, Down: p.Up) }).ToDictionary(f => f.Name, f => f.Down, StringComparer.Ordinal);
        var tensors = factors.Select(f => new GgufTensor(f.Key, QuantizationMix.PlainTypeOf(fileType, f.Key, f.Value.Shape), f.Value.Shape)).ToArray();
        GgufWriter.Write(path, metadata, tensors, (tensor, stream) =>
        {
            var bytes = new byte[tensor.ByteCount];
            BlockFormats.Quantize(tensor.Type, factors[tensor.Name].Values, bytes);
            stream.Write(bytes);
        });
    }

    /// <summary>Writes a PEFT adapter folder as an adapter file; see the other overload.</summary>
    public static void Write(AdapterFolder adapter, ModelConfiguration baseModel, string path, GgufFileType fileType = GgufFileType.F32, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        Write(adapter.Configuration, adapter.Weights, baseModel, path, fileType, name);
    }

    /// <summary>Reads an adapter file as a PEFT adapter, ready for <see cref="AdapterFolder.Write"/>.</summary>
    /// <param name="file">The adapter file.</param>
    /// <param name="baseModel">The base model's configuration; its architecture must be the adapter's.</param>
    /// <param name="baseName">What the configuration calls the base model, if known.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnsupportedGguf"/>: not a LoRA adapter; <see cref="ErrorCodes.AdapterDoesNotFit"/>:
    /// of another architecture; <see cref="ErrorCodes.AdapterNotExpressibleInGguf"/>: halves that do not belong together.</exception>
    public static (LoraConfiguration Configuration, IReadOnlyList<(TensorInfo Info, ReadOnlyMemory<byte> Data)> Tensors) Read(
        GgufFile file, ModelConfiguration baseModel, string? baseName = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(baseModel);
        var kind = (file.Metadata.Text("general.type"), file.Metadata.Text("adapter.type"));
        if (kind is not ("adapter", "lora")) throw GgufErrors.Unsupported(file.Path, $"general.type '{kind.Item1}', adapter.type '{kind.Item2}' instead of 'adapter', 'lora'", "open it as a model");
        var family = GgufFamilies.OfModelType(baseModel.ModelType) ?? throw GgufFamilies.Unknown($"base model of type '{baseModel.ModelType}'");
        if (family.Architecture != file.Metadata.Architecture)
        {
            throw new PeftStudioException(
                ErrorCodes.AdapterDoesNotFit, "adapter does not fit the model", $"{file.Path} for a base model of type '{baseModel.ModelType}' ({family.Architecture})",
                $"an adapter for architecture '{file.Metadata.Architecture}'; nothing was loaded", "use the base model that the adapter was trained on");
        }

        return AdapterPairs.ToPeft(file, new AdapterModules(family, baseModel), baseName);
    }

    /// <summary>Name of a factor's base tensor and which of the two it is; null for other tensors.</summary>
    internal static (string Tensor, bool IsDown)? Split(string name) =>
        name.EndsWith(Down, StringComparison.Ordinal) ? (name[..^Down.Length], true) : name.EndsWith(Up, StringComparison.Ordinal) ? (name[..^Up.Length], false) : null;
}

using System.Text;
using System.Text.Json.Nodes;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Gguf.Conversion;
using PeftStudio.Formats.Quantization;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf;

/// <summary>
/// A GGUF model as if it were a Hugging Face checkpoint: tensors under their Hugging Face names, shapes and row orders, and a
/// <c>config.json</c> to go with them. Quantised tensors read as float32, the others in their own type. Reads are thread-safe.
/// </summary>
public sealed class GgufTensorSource : ITensorSource
{
    private readonly AssembledTensors _tensors;

    private GgufTensorSource(GgufFile file, AssembledTensors tensors, JsonObject configuration, IReadOnlyList<string> warnings)
    {
        File = file;
        _tensors = tensors;
        Configuration = configuration;
        Warnings = warnings;
    }

    /// <summary>The file underneath, with its metadata.</summary>
    public GgufFile File { get; }

    /// <summary>The model's configuration as Hugging Face would write it; a copy of it can be changed freely.</summary>
    public JsonObject Configuration { get; }

    /// <summary>What is unusual but usable, such as tensors without a place in the model.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors.Tensors;

    /// <summary>Opens a model.</summary>
    /// <param name="path">The file, or the first part of a split one.</param>
    /// <exception cref="PeftStudioException">The file is not usable: an error of <see cref="GgufFile.Open"/>, or
    /// <see cref="ErrorCodes.UnknownGgufArchitecture"/>, <see cref="ErrorCodes.MissingTensors"/> or <see cref="ErrorCodes.TensorShapeMismatch"/>.</exception>
    public static GgufTensorSource Open(string path)
    {
        var file = GgufFile.Open(path);
        try
        {
            return Of(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Shows a file that is already open; disposing the result disposes it.</summary>
    /// <param name="file">The file.</param>
    public static GgufTensorSource Of(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Metadata.Text("general.type") is { } type and not "model")
        {
            throw GgufErrors.Unsupported(file.Path, $"general.type '{type}' instead of 'model'", type == "adapter" ? "open it as an adapter, beside its base model" : "open the model's own file");
        }

        var values = new GgufValues(file);
        var reading = new GgufReading(new(file.Metadata, file.Metadata.Architecture), values);
        var family = GgufFamilies.Of(reading);
        var configuration = GgufConfiguration.Read(family, reading);
        var unknown = new List<string>();
        var plan = new TensorPlanner(family.Tensors).ToHuggingFace(new(Parse(configuration, file.Path), values.Tensors, file.Path), unknown);
        unknown.RemoveAll(n => n.StartsWith("rope_", StringComparison.Ordinal)); // read into the configuration
        string[] warnings = unknown.Count == 0 ? [] : [$"{file.Path}: {unknown.Count} tensors have no place in {family.ClassName} and are left out: {string.Join(", ", unknown.Take(8))}{(unknown.Count > 8 ? ", …" : string.Empty)}"];
        return new(file, new AssembledTensors(values, plan, ownsSource: true), configuration, warnings);
    }

    /// <inheritdoc/>
    public void Read(string name, long offset, Span<byte> destination) => _tensors.Read(name, offset, destination);

    /// <summary>
    /// Type of a tensor's blocks when its rows are those of the file, perhaps in another order, so that they can be read as they are;
    /// null when they must be read as float32.
    /// </summary>
    /// <param name="name">Hugging Face name.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public GgmlType? BlockTypeOf(string name)
    {
        var plan = _tensors.Plan(name);
        var type = File.Find(plan.Pieces[0].Source)!.Type;
        var whole = GgmlTypes.BlockElements(type);
        return GgmlTypes.IsQuantized(type) && plan.IsCopy && plan.Shape.Count >= 2 && plan.Width % whole == 0
            && plan.Pieces.All(p => File.Find(p.Source)!.Type == type && p.FirstElement % whole == 0) ? type : null;
    }

    /// <summary>Copies a part of a tensor's quantised bytes, rows in Hugging Face order.</summary>
    /// <param name="name">Hugging Face name of a tensor that has a <see cref="BlockTypeOf"/>.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Filled completely.</param>
    /// <exception cref="InvalidOperationException">The tensor has no blocks to copy.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The part is not inside the tensor.</exception>
    public void ReadBlocks(string name, long offset, Span<byte> destination)
    {
        var type = BlockTypeOf(name) ?? throw new InvalidOperationException($"tensor '{name}' cannot be read as blocks");
        var plan = _tensors.Plan(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, GgmlTypes.ByteCount(type, plan.ElementCount) - destination.Length);
        RowCopy.Copy(plan, elements => GgmlTypes.ByteCount(type, elements), File.Read, offset, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _tensors.Dispose();

    internal static ModelConfiguration Parse(JsonObject configuration, string source) => ModelConfiguration.Parse(Encoding.UTF8.GetBytes(configuration.ToJsonString()), source);
}

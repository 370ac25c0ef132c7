using System.Text.Json;
using System.Text.Json.Nodes;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Gguf.Conversion;
using PeftStudio.Formats.Gguf.Conversion.Families;
using PeftStudio.Formats.Gguf.Vocabulary;
using PeftStudio.Formats.Quantization;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf;

/// <summary>Writes Hugging Face models as GGUF files with the tensors, types and metadata that llama.cpp's own tools would write.</summary>
public static class GgufExport
{
    private const int QuantizationVersion = 2;
    private const long MostConfigurationBytes = 16 << 20;

    /// <summary>Whether a model of this type can be written at all.</summary>
    /// <param name="modelType"><c>model_type</c> of the configuration.</param>
    public static bool Supports(string modelType) => Find(modelType) is not null;

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="folder">Holds <c>config.json</c> and the tokenizer's files.</param>
    /// <param name="weights">Its tensors, under Hugging Face names.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="options">Type, name and further metadata; defaults when null.</param>
    /// <param name="progress">Told before each batch.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left then.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnknownGgufArchitecture"/> or <see cref="ErrorCodes.NotExpressibleInGguf"/>: GGUF
    /// files cannot hold the model; <see cref="ErrorCodes.TokenizerNotExpressibleInGguf"/>; or an error of reading or writing.</exception>
    public static GgufExportResult Write(
        string folder, ITensorSource weights, string path, GgufExportOptions? options = null, IProgress<GgufProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(weights);
        options ??= new();
        var json = Flatten(ReadConfiguration(Path.Combine(folder, "config.json")));
        var configuration = GgufTensorSource.Parse(json, Path.Combine(folder, "config.json"));
        var family = FamilyOf(configuration);
        RequireExpressible(family, configuration, folder);

        var metadata = General(family, configuration, options, folder);
        var vocabulary = new GgufMetadata(folder);
        var tokens = VocabularyWriter.Write(family.Vocabulary, new TokenizerFiles(folder), json, configuration.OptionalInteger("vocab_size"), vocabulary);
        family.AdjustVocabulary(vocabulary);
        foreach (var (key, value) in vocabulary) metadata[key] = value;
        foreach (var (key, value) in options.Metadata) metadata[key] = value;

        var warnings = new List<string>();
        var plan = Plan(family, configuration, weights, folder, tokens, warnings);
        using var assembled = new AssembledTensors(weights, plan, ownsSource: false);
        var extras = family.Extras(configuration).ToDictionary(e => e.Name, e => e.Values, StringComparer.Ordinal);
        var tensors = extras.Select(e => new GgufTensor(e.Key, GgmlType.F32, [e.Value.Length])).Concat(Types(plan, options.FileType, metadata)).ToArray();
        var streaming = new TensorStreaming(assembled, progress, tensors.Sum(t => t.ByteCount), cancellationToken);
        GgufWriter.Write(path, metadata, tensors, (tensor, stream) =>
        {
            if (extras.TryGetValue(tensor.Name, out var values)) TensorStreaming.Write(values, stream);
            else streaming.Write(tensor.Name, tensor, stream);
        });
        return new(path, tensors, warnings);
    }

    /// <summary>Writes a GGUF model again with other types, as llama.cpp's quantiser does without importance weights.</summary>
    /// <param name="source">The model; best in F32, F16 or BF16, since quantising twice loses twice.</param>
    /// <param name="path">The file to write, not the source itself.</param>
    /// <param name="fileType">The mix.</param>
    /// <param name="progress">Told before each batch.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left then.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnsupportedTensorType"/>, <see cref="ErrorCodes.DiskFull"/> or <see cref="ErrorCodes.OutputNotWritable"/>.</exception>
    public static GgufExportResult Requantize(
        GgufFile source, string path, GgufFileType fileType, IProgress<GgufProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var metadata = new GgufMetadata(path);
        foreach (var (key, value) in source.Metadata.Where(p => !p.Key.StartsWith("split.", StringComparison.Ordinal))) metadata[key] = value;
        metadata["general.quantization_version"] = GgufValue.Of((uint)QuantizationVersion);
        metadata["general.file_type"] = GgufValue.Of((uint)fileType);
        var shape = MixShape.Of(metadata, source.Find("output.weight") is null);
        var values = new GgufValues(source);
        var tensors = source.Tensors.Select(t => GgmlTypes.IsInteger(t.Type) ? t : t with { Type = Requantized(fileType, shape, t) }).ToArray();
        var streaming = new TensorStreaming(values, progress, tensors.Sum(t => t.ByteCount), cancellationToken);
        GgufWriter.Write(path, metadata, tensors, (tensor, stream) =>
        {
            if (source.Find(tensor.Name)!.Type == tensor.Type) Copy(source, tensor, stream, cancellationToken);
            else streaming.Write(tensor.Name, tensor, stream);
        });
        return new(path, tensors, []);
    }

    // What stays float keeps the type it has.
    private static GgmlType Requantized(GgufFileType fileType, MixShape shape, GgufTensor tensor) =>
        QuantizationMix.TypeOf(fileType, shape, tensor.Name, tensor.Shape) is var type && type == GgmlType.F32 && !GgmlTypes.IsQuantized(tensor.Type) && fileType != GgufFileType.F32
            ? tensor.Type : type;

    private static void Copy(GgufFile source, GgufTensor tensor, Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(tensor.ByteCount, 1 << 20)];
        for (var done = 0L; done < tensor.ByteCount; done += buffer.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.ByteCount - done));
            source.Read(tensor.Name, done, part);
            stream.Write(part);
        }
    }

    private static JsonObject ReadConfiguration(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new PeftStudioException(
                ErrorCodes.FileNotFound, "model configuration not found", path, "no file of that name", "name a folder that holds a Hugging Face checkpoint: config.json beside model.safetensors");
        }

        try
        {
            if (file.Length > MostConfigurationBytes) throw new JsonException($"{file.Length} bytes, at most {MostConfigurationBytes} are read");
            return JsonNode.Parse(File.ReadAllBytes(path), documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("no JSON object");
        }
        catch (JsonException e)
        {
            throw new PeftStudioException(
                ErrorCodes.InvalidModelConfiguration, "model configuration is not readable", path, e.Message, "compare config.json with the one that the model's authors published", e);
        }
    }

    /// <summary>Settings of a language model inside a multimodal one, beside those of the whole.</summary>
    private static JsonObject Flatten(JsonObject configuration)
    {
        if (configuration["text_config"] is not JsonObject text) return configuration;
        foreach (var (key, value) in text.ToArray())
        {
            if (key != "architectures" && value is not null) configuration[key] = value.DeepClone();
        }

        return configuration;
    }

    // The multimodal wrapper's settings may leave the language model's own type out.
    private static GgufFamily? Find(string modelType) => GgufFamilies.OfModelType(modelType == "gemma3" ? "gemma3_text" : modelType);

    private static GgufFamily FamilyOf(ModelConfiguration configuration) => Find(configuration.ModelType) ?? throw new PeftStudioException(
        ErrorCodes.UnknownGgufArchitecture, "model cannot be written as a GGUF file", $"model_type '{configuration.ModelType}' ({configuration.Architecture ?? "no architecture named"})",
        "llama.cpp has no converter or no graph for it, or it is not known here; known are " + string.Join(", ", GgufFamilies.All.Select(f => f.ModelType).Order(StringComparer.Ordinal)),
        "keep the model as a Hugging Face checkpoint: safetensors files hold every model");

    private static void RequireExpressible(GgufFamily family, ModelConfiguration configuration, string folder)
    {
        var obstacle = family.Obstacle(configuration) ?? Rope.Obstacle(configuration) ?? HeadObstacle(family, configuration) ?? ActivationObstacle(family, configuration);
        if (obstacle is null) return;
        throw new PeftStudioException(
            ErrorCodes.NotExpressibleInGguf, "model cannot be written as a GGUF file", $"{configuration.Architecture ?? family.ClassName} of {folder} as architecture '{family.Architecture}'",
            "it has " + obstacle + "; nothing was written", "keep the model as a Hugging Face checkpoint: a GGUF file would give other results without a warning");
    }

    private static string? HeadObstacle(GgufFamily family, ModelConfiguration configuration) =>
        configuration.Architecture is { } name && name != family.ClassName && !name.EndsWith("ForConditionalGeneration", StringComparison.Ordinal)
            && name != family.ClassName.Replace("ForCausalLM", "Model", StringComparison.Ordinal)
            ? $"a head of class {name}; {family.ClassName} is the one that can be written" : null;

    private static string? ActivationObstacle(GgufFamily family, ModelConfiguration configuration)
    {
        foreach (var key in new[] { "hidden_activation", "hidden_act", "activation_function", "activation" })
        {
            if (configuration.Element(key) is not { ValueKind: JsonValueKind.String } value) continue;
            return family.Activations.Contains(value.GetString()) ? null : $"the activation '{value.GetString()}'; the graph has {string.Join(" or ", family.Activations)}";
        }

        return null;
    }

    private static GgufMetadata General(GgufFamily family, ModelConfiguration configuration, GgufExportOptions options, string folder)
    {
        var metadata = new GgufMetadata(folder)
        {
            ["general.architecture"] = GgufValue.Of(family.Architecture),
            ["general.type"] = GgufValue.Of("model"),
            ["general.name"] = GgufValue.Of(options.Name ?? Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))),
        };
        var scope = new GgufScope(metadata, family.Architecture);
        foreach (var parameter in family.HyperParameters) parameter.Write(configuration, scope);
        if (family.WritesFileType) metadata["general.file_type"] = GgufValue.Of((uint)options.FileType);
        metadata["general.quantization_version"] = GgufValue.Of((uint)QuantizationVersion);
        return metadata;
    }

    private static List<AssembledTensor> Plan(
        GgufFamily family, ModelConfiguration configuration, ITensorSource weights, string folder, int tokens, List<string> warnings)
    {
        var named = HuggingFaceNames.Standard(family, weights);
        var unknown = new List<string>();
        var lookup = new TensorLookup(configuration, named.ToDictionary(n => n.Key, n => weights.Tensors[n.Value] with { Name = n.Key }, StringComparer.Ordinal), folder) { TokenCount = tokens };
        var plan = new TensorPlanner(family.Tensors).ToGguf(lookup, unknown);
        if (unknown.Count > 0)
        {
            throw new PeftStudioException(
                ErrorCodes.NotExpressibleInGguf, "model cannot be written as a GGUF file", $"{folder} as architecture '{family.Architecture}'",
                $"{unknown.Count} tensors have no name there: {string.Join(", ", unknown.Take(8))}{(unknown.Count > 8 ? ", …" : string.Empty)}; nothing was written",
                "check that config.json belongs to these weights, or keep the model as a Hugging Face checkpoint");
        }

        if (configuration.OptionalInteger("sliding_window") is { } window && family.ModelType == "starcoder2") warnings.Add($"llama.cpp does not know the sliding window of {window} tokens; longer texts give other results there");
        return plan.ConvertAll(t => t with { Pieces = t.Pieces.Select(p => p with { Source = named[p.Source] }).ToArray() });
    }

    private static IEnumerable<GgufTensor> Types(List<AssembledTensor> plan, GgufFileType fileType, GgufMetadata metadata)
    {
        var shape = MixShape.Of(metadata, plan.All(t => t.Name != "output.weight"));
        return plan.Select(t => new GgufTensor(
            t.Name, QuantizationMix.IsPlain(fileType) ? QuantizationMix.PlainTypeOf(fileType, t.Name, t.Shape) : QuantizationMix.TypeOf(fileType, shape, t.Name, t.Shape), t.Shape));
    }
}

using System.Text.Json;

namespace PeftStudio.Formats.Checkpoints;

/// <summary>
/// A Hugging Face <c>config.json</c>, with reads that name the key when a value is missing or makes no sense.
/// An explicit null counts as missing, as in the reference.
/// </summary>
public sealed class ModelConfiguration
{
    private const long MaxBytes = 16 << 20;

    private readonly JsonElement _root;
    private readonly string _source;

    private ModelConfiguration(JsonElement root, string source)
    {
        _root = root;
        _source = source;
        ModelType = Text("model_type") ?? throw Invalid("model_type", "nothing", "a Hugging Face configuration names its model_type");
        Architecture = root.TryGetProperty("architectures", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            ? list[0].GetString()
            : null;
    }

    /// <summary><c>model_type</c>, which picks the family.</summary>
    public string ModelType { get; }

    /// <summary>First of <c>architectures</c>, which picks the head; null when the list is missing.</summary>
    public string? Architecture { get; }

    /// <summary>Reads a configuration file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.FileNotFound"/> or <see cref="ErrorCodes.InvalidModelConfiguration"/>.</exception>
    public static ModelConfiguration Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new PeftStudioException(
                ErrorCodes.FileNotFound, "model configuration not found", path, "no file of that name",
                "name a folder that holds a Hugging Face checkpoint: config.json beside model.safetensors");
        }

        if (new FileInfo(path).Length > MaxBytes) throw Malformed(path, $"a file of more than {MaxBytes} bytes", null);
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (JsonException e)
        {
            throw Malformed(path, e.Message, e);
        }
    }

    /// <summary>Reads a configuration from JSON text.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="source">What messages call it.</param>
    public static ModelConfiguration Parse(ReadOnlyMemory<byte> json, string source)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw Malformed(source, "JSON that is not an object", null);
        return new ModelConfiguration(document.RootElement.Clone(), source);
    }

    /// <summary>Whether a key has a value other than null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A whole number that must be there.</summary>
    public int Integer(string key) => OptionalInteger(key) ?? throw Invalid(key, "nothing", "this family needs it");

    /// <summary>A whole number, or the default when it is missing.</summary>
    public int Integer(string key, int missing) => OptionalInteger(key) ?? missing;

    /// <summary>A whole number, or null when it is missing.</summary>
    public int? OptionalInteger(string key)
    {
        if (Find(key) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw Invalid(key, value.GetRawText(), "it must be a whole number");
    }

    /// <summary>A whole number of at least one that must be there.</summary>
    public int Positive(string key) => RequirePositive(key, Integer(key));

    /// <summary>A whole number of at least one, or the default when it is missing.</summary>
    public int Positive(string key, int missing) => RequirePositive(key, Integer(key, missing));

    /// <summary>A finite number, or the default when it is missing.</summary>
    public double Number(string key, double missing)
    {
        if (Find(key) is not { } value) return missing;
        return value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Invalid(key, value.GetRawText(), "it must be a number");
    }

    /// <summary>A truth value, or the default when it is missing.</summary>
    public bool Flag(string key, bool missing)
    {
        if (Find(key) is not { } value) return missing;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Invalid(key, value.GetRawText(), "it must be true or false");
    }

    /// <summary>A text, or null when it is missing.</summary>
    public string? Text(string key)
    {
        if (Find(key) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Invalid(key, value.GetRawText(), "it must be a text");
    }

    /// <summary>An object or list, or null when it is missing.</summary>
    public JsonElement? Element(string key) => Find(key);

    /// <summary>A value that is one whole number or a list of them, such as <c>eos_token_id</c>.</summary>
    public IReadOnlyList<int> Integers(string key)
    {
        if (Find(key) is not { } value) return [];
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt32(out var one) => [one],
            JsonValueKind.Array when value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out _)) =>
                value.EnumerateArray().Select(e => e.GetInt32()).ToArray(),
            _ => throw Invalid(key, value.GetRawText(), "it must be a whole number or a list of them"),
        };
    }

    /// <summary>The error for a value that makes no sense.</summary>
    /// <param name="key">The key.</param>
    /// <param name="found">What is there.</param>
    /// <param name="rule">What should be.</param>
    public PeftStudioException Invalid(string key, string found, string rule) => new(
        ErrorCodes.InvalidModelConfiguration, "model configuration has an unusable value", $"'{key}' of {_source}", $"{found}; {rule}",
        "compare config.json with the one that the model's authors published");

    private int RequirePositive(string key, int value) => value > 0 ? value : throw Invalid(key, $"{value}", "it must be at least 1");

    private JsonElement? Find(string key) =>
        _root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static PeftStudioException Malformed(string source, string found, Exception? cause) => new(
        ErrorCodes.InvalidModelConfiguration, "model configuration is not readable", source, found,
        "compare config.json with the one that the model's authors published", cause);
}

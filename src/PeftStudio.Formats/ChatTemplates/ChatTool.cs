using System.Buffers;
using System.Text.Json;

namespace PeftStudio.Formats.ChatTemplates;

/// <summary>A tool that a model may call, described by a JSON schema. The order of keys is kept: models were trained on it.</summary>
/// <param name="Schema">
/// Usually <c>{"type": "function", "function": {"name", "description", "parameters"}}</c>; some templates want the inner object alone.
/// </param>
public sealed record ChatTool(JsonElement Schema)
{
    /// <summary>The tool's name, or null if the schema has none.</summary>
    public string? Name => Inner.ValueKind == JsonValueKind.Object && Inner.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
        ? name.GetString()
        : null;

    private JsonElement Inner =>
        Schema.ValueKind == JsonValueKind.Object && Schema.TryGetProperty("function", out var function) ? function : Schema;

    /// <summary>Describes a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="parameters">A JSON schema of an object with its parameters as properties.</param>
    public static ChatTool Function(string name, string description, JsonElement parameters)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(description);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", name);
            json.WriteString("description", description);
            json.WritePropertyName("parameters");
            parameters.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return new ChatTool(JsonElement.ParseValue(ref reader));
    }

    /// <summary>The JSON schema of a parameter, or null if the tool does not describe it.</summary>
    internal JsonElement? SchemaOf(string parameter) =>
        Inner.ValueKind == JsonValueKind.Object
        && Inner.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
        && parameters.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty(parameter, out var schema)
            ? schema
            : null;
}

using System.Text.Json;

namespace PeftStudio.Formats.ChatTemplates;

/// <summary>
/// One message of a conversation: fields in order, as a template sees them. Templates differ in the fields they read, so any can be carried.
/// A value is null, a bool, a number, a string, a <see cref="JsonElement"/> or <see cref="System.Text.Json.Nodes.JsonNode"/>, a
/// <see cref="ChatToolCall"/>, a sequence of such values, or a sequence of pairs of a string and such a value. Fixed once made.
/// </summary>
public sealed class ChatMessage
{
    private readonly OrderedDictionary<string, object?> fields;

    /// <summary>Creates a message of any fields.</summary>
    /// <param name="fields">Names and values in the order in which a template lists them.</param>
    public ChatMessage(IEnumerable<KeyValuePair<string, object?>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        this.fields = new OrderedDictionary<string, object?>(fields, StringComparer.Ordinal);
    }

    /// <summary>All fields.</summary>
    public IReadOnlyDictionary<string, object?> Fields => fields;

    /// <summary>Who speaks, such as <c>user</c>; null if the message does not say.</summary>
    public string? Role => TextOf("role");

    /// <summary>What is said, where it is one text; null where it is a list of parts or absent.</summary>
    public string? Content => TextOf("content");

    /// <summary>Instructions that stand before a conversation.</summary>
    public static ChatMessage System(string content) => Make("system", content);

    /// <summary>What the person says.</summary>
    public static ChatMessage User(string content) => Make("user", content);

    /// <summary>What the model says or has said.</summary>
    /// <param name="content">Its text; empty beside tool calls.</param>
    /// <param name="reasoning">What it thought before, which most templates leave out of earlier turns.</param>
    /// <param name="toolCalls">Tools it calls.</param>
    public static ChatMessage Assistant(string content, string? reasoning = null, IReadOnlyList<ChatToolCall>? toolCalls = null)
    {
        var message = Make("assistant", content);
        if (reasoning is not null) message = message.With("reasoning_content", reasoning);
        return toolCalls is null ? message : message.With("tool_calls", toolCalls);
    }

    /// <summary>What a tool gave back.</summary>
    /// <param name="content">The result as text.</param>
    /// <param name="name">The tool's name.</param>
    /// <param name="toolCallId">Id of the call that is answered.</param>
    public static ChatMessage Tool(string content, string? name = null, string? toolCallId = null)
    {
        var message = Make("tool", content);
        if (name is not null) message = message.With("name", name);
        return toolCallId is null ? message : message.With("tool_call_id", toolCallId);
    }

    /// <summary>A message as it stands in a request or a dataset.</summary>
    /// <param name="json">A JSON object; its document must stay open as long as the message is used.</param>
    /// <exception cref="ArgumentException">Not an object.</exception>
    public static ChatMessage FromJson(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new ArgumentException($"A message is a JSON object, not {json.ValueKind}.", nameof(json));
        var fields = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject()) fields[property.Name] = property.Value;
        return new ChatMessage(fields);
    }

    /// <summary>A copy with one field set, in its place if it is there already and at the end if not.</summary>
    public ChatMessage With(string field, object? value)
    {
        ArgumentNullException.ThrowIfNull(field);
        var copy = new OrderedDictionary<string, object?>(fields, StringComparer.Ordinal) { [field] = value };
        return new ChatMessage(copy);
    }

    /// <summary>A copy without a field.</summary>
    public ChatMessage Without(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return new ChatMessage(fields.Where(pair => pair.Key != field));
    }

    private static ChatMessage Make(string role, string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new ChatMessage([new("role", role), new("content", content)]);
    }

    private string? TextOf(string field) => fields.GetValueOrDefault(field) switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
        _ => null,
    };
}

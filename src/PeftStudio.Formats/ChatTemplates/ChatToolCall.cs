using System.Text.Json;

namespace PeftStudio.Formats.ChatTemplates;

/// <summary>A call of a tool by a model.</summary>
/// <param name="Name">The tool's name, as the model wrote it: it may name a tool that does not exist.</param>
/// <param name="Arguments">The arguments: a JSON object, or a JSON string for templates that want their text.</param>
/// <param name="Id">The call's id, or null where the model's format has none.</param>
public sealed record ChatToolCall(string Name, JsonElement Arguments, string? Id = null)
{
    /// <summary>The call as templates see it: <c>{"id", "type": "function", "function": {"name", "arguments"}}</c>.</summary>
    public IReadOnlyDictionary<string, object?> ToFields()
    {
        var fields = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        if (Id is not null) fields["id"] = Id;
        fields["type"] = "function";
        fields["function"] = new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["name"] = Name, ["arguments"] = Arguments };
        return fields;
    }
}

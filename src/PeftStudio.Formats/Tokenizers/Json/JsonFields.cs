using System.Text.Json;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>Reads members of a component, with an error that names component and member where something is missing or of another kind.</summary>
internal static class JsonFields
{
    internal static string TypeOf(JsonElement component)
    {
        if (component.ValueKind != JsonValueKind.Object) throw TokenizerErrors.Invalid("a component as a JSON object", $"a JSON {component.ValueKind}");
        return RequiredText(component, "type", "component");
    }

    internal static string RequiredText(JsonElement component, string member, string owner) =>
        component.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? TextOf(value, member, owner)
            : throw TokenizerErrors.Invalid($"a text in '{member}' of a {owner}", Describe(component, member));

    internal static string? OptionalText(JsonElement component, string member, string owner) =>
        component.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? RequiredText(component, member, owner) : null;

    internal static bool Flag(JsonElement component, string member, bool otherwise, string owner)
    {
        if (!component.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null) return otherwise;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw TokenizerErrors.Invalid($"true or false in '{member}' of a {owner}", Describe(component, member)),
        };
    }

    internal static int RequiredInteger(JsonElement component, string member, string owner) =>
        component.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw TokenizerErrors.Invalid($"an integer in '{member}' of a {owner}", Describe(component, member));

    internal static JsonElement Required(JsonElement component, string member, JsonValueKind kind, string owner) =>
        component.TryGetProperty(member, out var value) && value.ValueKind == kind
            ? value
            : throw TokenizerErrors.Invalid($"a JSON {kind} in '{member}' of a {owner}", Describe(component, member));

    private static string TextOf(JsonElement value, string member, string owner)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException cause)
        {
            throw TokenizerErrors.Invalid($"a text in '{member}' of a {owner}", "half of a surrogate pair in it", cause);
        }
    }

    private static string Describe(JsonElement component, string member)
    {
        if (!component.TryGetProperty(member, out var value)) return $"no member '{member}'";
        var text = value.GetRawText();
        return text.Length <= 80 ? text : text[..80] + "…";
    }
}

using System.Text.Json;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>Reads <c>tokenizer_config.json</c> and <c>chat_template.jinja</c> of a folder; both may be missing.</summary>
internal static class TokenizerConfigurationReader
{
    /// <summary>Reads both files.</summary>
    /// <returns>The configuration, and the whole of tokenizer_config.json, undefined if there is none.</returns>
    internal static (TokenizerConfiguration Configuration, JsonElement Json) Read(string folder)
    {
        var file = Path.Combine(folder, "tokenizer_config.json");
        var templateFile = Path.Combine(folder, "chat_template.jinja");
        var template = File.Exists(templateFile) ? File.ReadAllText(templateFile) : null;
        if (!File.Exists(file)) return (new TokenizerConfiguration { ChatTemplate = template }, default);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw TokenizerErrors.Invalid($"the configuration '{file}'", "no JSON object");
            return (Read(json.RootElement, template), json.RootElement.Clone());
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            throw TokenizerErrors.Invalid($"the configuration '{file}'", cause.Message, cause);
        }
    }

    private static TokenizerConfiguration Read(JsonElement json, string? template) => new()
    {
        BosToken = Content(json, "bos_token"),
        EosToken = Content(json, "eos_token"),
        PadToken = Content(json, "pad_token"),
        UnknownToken = Content(json, "unk_token"),
        ChatTemplate = template ?? Template(json),
        ModelMaxLength = MaxLength(json),
    };

    /// <summary>A token is written as its text or as an object with a content.</summary>
    internal static string? Content(JsonElement json, string member)
    {
        if (!json.TryGetProperty(member, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Object => JsonFields.OptionalText(value, "content", member),
            _ => null,
        };
    }

    /// <summary>One template, or a list of named ones of which "default" counts.</summary>
    private static string? Template(JsonElement json)
    {
        if (!json.TryGetProperty("chat_template", out var value)) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        if (value.ValueKind != JsonValueKind.Array) return null;
        var named = value.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.Object).ToList();
        return named.Where(t => JsonFields.OptionalText(t, "name", "chat template") == "default")
            .Select(t => JsonFields.OptionalText(t, "template", "chat template")).FirstOrDefault();
    }

    /// <summary>An unset limit is written as a huge number that fits no integer.</summary>
    private static int? MaxLength(JsonElement json) =>
        json.TryGetProperty("model_max_length", out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var length) && length is > 0 and <= int.MaxValue
            ? (int)length
            : null;
}

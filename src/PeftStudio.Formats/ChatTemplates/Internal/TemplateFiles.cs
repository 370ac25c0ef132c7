using System.Text.Json;

namespace PeftStudio.Formats.ChatTemplates.Internal;

/// <summary>Chat templates and special tokens in the files of a Hugging Face folder.</summary>
internal static class TemplateFiles
{
    internal static (List<KeyValuePair<string, string>> Templates, Dictionary<string, string> Tokens) Read(string folder)
    {
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        var templates = new List<KeyValuePair<string, string>>();
        foreach (var name in new[] { "special_tokens_map.json", "tokenizer_config.json" })
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path)) continue;
            using var json = Parse(path);
            AddTokens(json.RootElement, tokens);
            if (json.RootElement.TryGetProperty("chat_template", out var template)) AddTemplates(template, templates);
        }

        var single = Path.Combine(folder, "chat_template.jinja");
        if (!File.Exists(single)) return (templates, tokens);
        templates.Clear();
        templates.Add(new(ChatTemplateSet.DefaultName, File.ReadAllText(single)));
        var further = Path.Combine(folder, "additional_chat_templates");
        if (!Directory.Exists(further)) return (templates, tokens);
        foreach (var path in Directory.GetFiles(further, "*.jinja").Order(StringComparer.Ordinal))
        {
            templates.Add(new(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path)));
        }

        return (templates, tokens);
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            var json = JsonDocument.Parse(File.ReadAllBytes(path));
            if (json.RootElement.ValueKind == JsonValueKind.Object) return json;
            json.Dispose();
            throw Malformed(path, "it is not a JSON object");
        }
        catch (JsonException error)
        {
            throw Malformed(path, error.Message);
        }
    }

    /// <summary>A template, or a list of templates with names.</summary>
    private static void AddTemplates(JsonElement json, List<KeyValuePair<string, string>> templates)
    {
        if (json.ValueKind == JsonValueKind.String) templates.Add(new(ChatTemplateSet.DefaultName, json.GetString()!));
        if (json.ValueKind != JsonValueKind.Array) return;
        foreach (var entry in json.EnumerateArray())
        {
            if (entry.ValueKind == JsonValueKind.Object
                && entry.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
                && entry.TryGetProperty("template", out var template) && template.ValueKind == JsonValueKind.String)
            {
                templates.Add(new(name.GetString()!, template.GetString()!));
            }
        }
    }

    /// <summary>Fields that end in <c>_token</c>: a text, or an object with its text under <c>content</c>.</summary>
    private static void AddTokens(JsonElement json, Dictionary<string, string> tokens)
    {
        foreach (var field in json.EnumerateObject())
        {
            if (!field.Name.EndsWith("_token", StringComparison.Ordinal)) continue;
            var value = field.Value;
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content)) value = content;
            if (value.ValueKind == JsonValueKind.String) tokens[field.Name] = value.GetString()!;
        }
    }

    private static PeftStudioException Malformed(string path, string found) => new(
        ErrorCodes.InvalidTokenizer, "A tokenizer file is malformed", $"chat template and special tokens from '{path}'", found,
        "Download the file again, or give the template and the tokens yourself.");
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace PeftStudio.Formats.Gguf.Vocabulary;

/// <summary>The tokenizer files of a model folder, as far as they are there.</summary>
internal sealed class TokenizerFiles
{
    private const long MostBytes = 512 << 20;

    private readonly string _folder;

    internal TokenizerFiles(string folder)
    {
        _folder = folder;
        Tokenizer = ReadObject("tokenizer.json");
        Settings = ReadObject("tokenizer_config.json");
        AddedTokens = ReadObject("added_tokens.json");
        var generation = ReadText("chat_template.jinja");
        ChatTemplate = Settings?["chat_template"] ?? (generation is null ? ReadObject("chat_template.json")?["chat_template"] : JsonValue.Create(generation));
    }

    /// <summary>Path of the folder.</summary>
    internal string Folder => _folder;

    /// <summary>tokenizer.json.</summary>
    internal JsonObject? Tokenizer { get; }

    /// <summary>tokenizer_config.json.</summary>
    internal JsonObject? Settings { get; }

    /// <summary>added_tokens.json: content to id.</summary>
    internal JsonObject? AddedTokens { get; }

    /// <summary>The chat template, or a list of named ones.</summary>
    internal JsonNode? ChatTemplate { get; }

    /// <summary>Bytes of tokenizer.model, or null.</summary>
    internal byte[]? SentencePiece => ReadBytes("tokenizer.model");

    /// <summary>Added tokens of tokenizer.json in their order.</summary>
    internal IEnumerable<AddedEntry> Added() => (Tokenizer?["added_tokens"] as JsonArray ?? []).OfType<JsonObject>().Select(t => Entry(t, t["id"]));

    /// <summary>Added tokens of tokenizer_config.json.</summary>
    internal IEnumerable<AddedEntry> AddedBySettings() => (Settings?["added_tokens_decoder"] as JsonObject ?? [])
        .Where(t => t.Value is JsonObject).Select(t => Entry((JsonObject)t.Value!, JsonValue.Create(int.TryParse(t.Key, out var id) ? id : -1)));

    internal PeftStudioException Refuse(string found, Exception? cause = null) => new(
        ErrorCodes.TokenizerNotExpressibleInGguf, "tokenizer cannot be put into a GGUF file", _folder, found,
        "use the tokenizer files that belong to the model; without its vocabulary a GGUF file cannot be used", cause);

    /// <summary>A whole number, or −1.</summary>
    internal static int Id(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var id) ? id : -1;

    /// <summary>A text, or null.</summary>
    internal static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private AddedEntry Entry(JsonObject token, JsonNode? id) =>
        new(Id(id), Text(token["content"]) ?? throw Refuse("an added token without content"), token["special"] is JsonValue s && s.TryGetValue<bool>(out var special) && special);

    private JsonObject? ReadObject(string name)
    {
        if (ReadBytes(name) is not { } bytes) return null;
        try
        {
            return JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw Refuse($"{name} is no JSON object");
        }
        catch (JsonException e)
        {
            throw Refuse($"{name}: {e.Message}", e);
        }
    }

    private string? ReadText(string name) => ReadBytes(name) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    private byte[]? ReadBytes(string name)
    {
        var file = new FileInfo(Path.Combine(_folder, name));
        if (!file.Exists) return null;
        return file.Length <= MostBytes ? File.ReadAllBytes(file.FullName) : throw Refuse($"{name} of {file.Length} bytes; at most {MostBytes} are read");
    }
}

/// <summary>An added token.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="IsSpecial">Whether it is special.</param>
internal sealed record AddedEntry(int Id, string Content, bool IsSpecial);

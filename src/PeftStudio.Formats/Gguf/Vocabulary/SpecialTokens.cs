using System.Text.Json.Nodes;

namespace PeftStudio.Formats.Gguf.Vocabulary;

/// <summary>
/// Ids of special tokens, whether they are added to texts, merges and chat templates, gathered from tokenizer.json, tokenizer_config.json and
/// config.json in the order of llama.cpp's converter: the first that names an id wins.
/// </summary>
internal sealed class SpecialTokens
{
    private static readonly string[] Types = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"];

    private readonly OrderedDictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, bool> _added = new(StringComparer.Ordinal);
    private readonly TokenizerFiles _files;

    private SpecialTokens(TokenizerFiles files) => _files = files;

    internal static void Write(TokenizerFiles files, JsonObject configuration, GgufMetadata metadata, int? tokenCount, IReadOnlyList<string>? merges)
    {
        var tokens = new SpecialTokens(files);
        var names = tokens.ReadNames();
        tokens.ReadSettings(names, tokenCount);
        foreach (var type in Types) tokens.SetId(type, TokenizerFiles.Id(configuration[$"{type}_token_id"]), tokenCount);
        tokens.Write(metadata, merges);
    }

    /// <summary>Contents of the special tokens by type, and what the post-processor adds.</summary>
    private Dictionary<string, string> ReadNames()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (_files.Settings is not { } settings) return names;
        foreach (var type in Types)
        {
            if ((TokenizerFiles.Text(settings[$"{type}_token"]) ?? TokenizerFiles.Text((settings[$"{type}_token"] as JsonObject)?["content"])) is { } content) names[type] = content;
        }

        if (_files.Tokenizer is null) return names;
        if (!names.ContainsKey("bos") && names.TryGetValue("cls", out var cls)) names["bos"] = cls;
        if (!names.ContainsKey("eos") && names.TryGetValue("sep", out var sep)) names["eos"] = sep;
        if (_files.Tokenizer["post_processor"] is JsonObject processor)
        {
            foreach (var part in processor["processors"] is JsonArray parts ? parts.OfType<JsonObject>() : [processor]) ReadProcessor(part, names);
        }

        return names;
    }

    private void ReadProcessor(JsonObject processor, Dictionary<string, string> names)
    {
        switch (TokenizerFiles.Text(processor["type"]))
        {
            case "RobertaProcessing":
                (_added["bos"], _added["eos"], _added["sep"]) = (true, true, true);
                if (TokenizerFiles.Text((processor["cls"] as JsonArray)?[0]) is { } first) names.TryAdd("cls", first);
                if (TokenizerFiles.Text((processor["sep"] as JsonArray)?[0]) is { } last) names.TryAdd("sep", last);
                break;
            case "TemplateProcessing" when processor["single"] is JsonArray { Count: > 1 } single:
                if (SpecialIn(single[0]) is { } leading) _added["bos"] = leading == names.GetValueOrDefault("bos") || leading == names.GetValueOrDefault("cls");
                if (SpecialIn(single[^1]) is not { } trailing) break;
                if (names.TryGetValue("eos", out var eos) && eos != trailing) names["eot"] = eos;
                names["eos"] = trailing;
                _added["eos"] = true;
                break;
        }
    }

    private static string? SpecialIn(JsonNode? part) => TokenizerFiles.Text((part as JsonObject)?["SpecialToken"]?["id"]);

    private void ReadSettings(Dictionary<string, string> names, int? tokenCount)
    {
        if (_files.Settings is not { } settings) return;
        var added = _files.Added().ToArray();
        foreach (var type in Types.Append("eot"))
        {
            if (settings[$"add_{type}_token"] is JsonValue value && value.TryGetValue<bool>(out var add)) _added[type] = add;
            if (names.TryGetValue(type, out var content) && added.FirstOrDefault(t => t.Content == content) is { } token) SetId(type, token.Id, tokenCount);
        }
    }

    private void SetId(string type, int id, int? tokenCount)
    {
        if (id >= 0 && (tokenCount is null || id < tokenCount)) _ids.TryAdd(type, id);
    }

    private void Write(GgufMetadata metadata, IReadOnlyList<string>? merges)
    {
        if (merges is { Count: > 0 }) metadata["tokenizer.ggml.merges"] = GgufValue.Of(merges);
        foreach (var (type, id) in _ids) metadata[$"tokenizer.ggml.{KeyOf(type)}_token_id"] = GgufValue.Of((uint)id);
        foreach (var (type, add) in _added)
        {
            if (type is "bos" or "eos" or "sep") metadata[$"tokenizer.ggml.add_{type}_token"] = GgufValue.Of(add);
        }

        if (_files.ChatTemplate is JsonArray list) WriteNamed(list, metadata);
        else if (TokenizerFiles.Text(_files.ChatTemplate) is { } template) metadata["tokenizer.chat_template"] = GgufValue.Of(template);
    }

    // The format's own spellings.
    private static string KeyOf(string type) => type switch
    {
        "unk" => "unknown",
        "sep" => "seperator",
        "pad" => "padding",
        _ => type,
    };

    private static void WriteNamed(JsonArray templates, GgufMetadata metadata)
    {
        var names = new List<string>();
        string? standard = null;
        foreach (var choice in templates.OfType<JsonObject>())
        {
            var name = string.Concat((TokenizerFiles.Text(choice["name"]) ?? string.Empty).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
            if (name.Length == 0 || TokenizerFiles.Text(choice["template"]) is not { } template) continue;
            if (name == "default")
            {
                standard = template;
                continue;
            }

            names.Add(name);
            metadata[$"tokenizer.chat_template.{name}"] = GgufValue.Of(template);
        }

        if (names.Count > 0) metadata["tokenizer.chat_templates"] = GgufValue.Of(names);
        if (standard is not null) metadata["tokenizer.chat_template"] = GgufValue.Of(standard);
    }
}

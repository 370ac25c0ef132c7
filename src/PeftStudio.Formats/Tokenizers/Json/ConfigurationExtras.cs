using System.Globalization;
using System.Text.Json;
using PeftStudio.Formats.Tokenizers.AddedTokens;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>What <c>tokenizer_config.json</c> says beyond <see cref="TokenizerConfiguration"/>, needed where there is no tokenizer.json.</summary>
internal sealed class ConfigurationExtras
{
    private readonly JsonElement _json;

    private ConfigurationExtras(TokenizerConfiguration configuration, JsonElement json)
    {
        Configuration = configuration;
        _json = json;
    }

    internal TokenizerConfiguration Configuration { get; }

    /// <summary>Whether there is a tokenizer_config.json at all.</summary>
    internal bool Exists => _json.ValueKind == JsonValueKind.Object;

    internal static ConfigurationExtras Read(string folder)
    {
        var (configuration, json) = TokenizerConfigurationReader.Read(folder);
        return new ConfigurationExtras(configuration, json);
    }

    /// <summary>A switch, or null where the file leaves it open.</summary>
    internal bool? Flag(string member) => Exists && _json.TryGetProperty(member, out var value)
        ? value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }
        : null;

    /// <summary>Content of a named token, or null.</summary>
    internal string? Content(string member) => Exists ? TokenizerConfigurationReader.Content(_json, member) : null;

    /// <summary>Whether the tokenizer's class begins with a name.</summary>
    internal bool ClassIs(string name) =>
        Exists && _json.TryGetProperty("tokenizer_class", out var value) && value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith(name, StringComparison.Ordinal);

    /// <summary>Added tokens of <c>added_tokens_decoder</c>, then the named special ones that it leaves out.</summary>
    internal List<AddedToken> AddedTokens(Func<string, int> idOf)
    {
        var tokens = new List<AddedToken>();
        if (Exists && _json.TryGetProperty("added_tokens_decoder", out var decoder) && decoder.ValueKind == JsonValueKind.Object)
        {
            foreach (var entry in decoder.EnumerateObject())
            {
                if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) throw TokenizerErrors.Invalid("ids as names in added_tokens_decoder", $"'{entry.Name}'");
                tokens.Add(AddedTokenReader.ReadOne(entry.Value, id));
            }
        }

        tokens.Sort((a, b) => a.Id.CompareTo(b.Id));
        foreach (var content in NamedSpecials().Distinct(StringComparer.Ordinal))
        {
            if (tokens.Exists(token => token.Content == content)) continue;
            var id = idOf(content);
            tokens.Add(new AddedToken(Math.Max(id, 0), content, false, false, false, Normalized: false, Special: true));
        }

        return tokens;
    }

    private IEnumerable<string> NamedSpecials()
    {
        if (!Exists) yield break;
        foreach (var member in (string[])["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"])
        {
            if (Content(member) is { } content) yield return content;
        }

        foreach (var member in (string[])["additional_special_tokens", "extra_special_tokens"])
        {
            if (!_json.TryGetProperty(member, out var list) || list.ValueKind != JsonValueKind.Array) continue;
            foreach (var item in list.EnumerateArray())
            {
                var content = item.ValueKind == JsonValueKind.String ? item.GetString()
                    : item.ValueKind == JsonValueKind.Object ? JsonFields.OptionalText(item, "content", member)
                    : null;
                if (content is not null) yield return content;
            }
        }
    }
}

using System.Text.Json;
using PeftStudio.Formats.Tokenizers.PostProcessors;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>Builds the <c>post_processor</c> of a tokenizer.json.</summary>
internal static class PostProcessorReader
{
    private const string Owner = "post_processor";

    internal static PostProcessor? Read(JsonElement component)
    {
        if (component.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        return JsonFields.TypeOf(component) switch
        {
            "TemplateProcessing" => ReadTemplate(component),
            "BertProcessing" => new BertProcessor(ReadSpecial(component, "sep"), ReadSpecial(component, "cls")),
            "RobertaProcessing" => new RobertaProcessor(
                ReadSpecial(component, "sep"), ReadSpecial(component, "cls"),
                JsonFields.Flag(component, "trim_offsets", true, Owner), JsonFields.Flag(component, "add_prefix_space", true, Owner)),
            "ByteLevel" => new ByteLevelProcessor(
                JsonFields.Flag(component, "trim_offsets", true, Owner), JsonFields.Flag(component, "add_prefix_space", true, Owner)),
            "Sequence" => new SequenceProcessor([.. JsonFields.Required(component, "processors", JsonValueKind.Array, Owner).EnumerateArray()
                .Select(part => Read(part) ?? throw TokenizerErrors.Invalid("a sequence of post-processors", "null as one of them"))]),
            var other => throw TokenizerErrors.Invalid("a known post-processor", $"type '{other}'"),
        };
    }

    /// <summary>Reads <c>["&lt;s&gt;", 0]</c>.</summary>
    private static SpecialToken ReadSpecial(JsonElement component, string member)
    {
        var pair = JsonFields.Required(component, member, JsonValueKind.Array, Owner);
        return pair.GetArrayLength() == 2 && pair[0].ValueKind == JsonValueKind.String && pair[1].ValueKind == JsonValueKind.Number && pair[1].TryGetInt32(out var id)
            ? new SpecialToken(pair[0].GetString()!, id)
            : throw TokenizerErrors.Invalid($"'{member}' written as [token, id]", pair.GetRawText());
    }

    private static TemplateProcessor ReadTemplate(JsonElement component)
    {
        var specials = new Dictionary<string, (List<int> Ids, List<string> Tokens)>(StringComparer.Ordinal);
        foreach (var special in JsonFields.Required(component, "special_tokens", JsonValueKind.Object, Owner).EnumerateObject())
        {
            var ids = JsonFields.Required(special.Value, "ids", JsonValueKind.Array, Owner).EnumerateArray().Select(ReadId).ToList();
            var tokens = JsonFields.Required(special.Value, "tokens", JsonValueKind.Array, Owner).EnumerateArray().Select(t => t.GetString()!).ToList();
            if (ids.Count != tokens.Count) throw TokenizerErrors.Invalid($"as many ids as tokens for '{special.Name}' of a template", $"{ids.Count} ids, {tokens.Count} tokens");
            specials[special.Name] = (ids, tokens);
        }

        return new TemplateProcessor(Elements("single"), Elements("pair"));

        List<TemplateElement> Elements(string member) =>
            [.. JsonFields.Required(component, member, JsonValueKind.Array, Owner).EnumerateArray().Select(e => ReadElement(e, specials))];
    }

    private static int ReadId(JsonElement id) => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var value) && value >= 0
        ? value
        : throw TokenizerErrors.Invalid("a token id in a template", id.GetRawText());

    private static TemplateElement ReadElement(JsonElement element, Dictionary<string, (List<int> Ids, List<string> Tokens)> specials)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("Sequence", out var sequence))
        {
            var index = JsonFields.RequiredText(sequence, "id", Owner) switch
            {
                "A" => 0,
                "B" => 1,
                var other => throw TokenizerErrors.Invalid("sequence A or B in a template", $"'{other}'"),
            };
            return new TemplateElement(index, JsonFields.RequiredInteger(sequence, "type_id", Owner), [], []);
        }

        var special = JsonFields.Required(element, "SpecialToken", JsonValueKind.Object, Owner);
        var name = JsonFields.RequiredText(special, "id", Owner);
        if (!specials.TryGetValue(name, out var found)) throw TokenizerErrors.Invalid($"special token '{name}' in a template", "no entry for it in special_tokens");
        return new TemplateElement(-1, JsonFields.RequiredInteger(special, "type_id", Owner), found.Ids, found.Tokens);
    }
}

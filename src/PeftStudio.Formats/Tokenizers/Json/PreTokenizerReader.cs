using System.Text.Json;
using PeftStudio.Formats.Tokenizers.PreTokenizers;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>Builds the <c>pre_tokenizer</c> of a tokenizer.json.</summary>
internal static class PreTokenizerReader
{
    private const string Owner = "pre_tokenizer";

    internal static PreTokenizer? Read(JsonElement component)
    {
        if (component.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        return JsonFields.TypeOf(component) switch
        {
            "Sequence" => new SequencePreTokenizer([.. JsonFields.Required(component, "pretokenizers", JsonValueKind.Array, Owner).EnumerateArray()
                .Select(part => Read(part) ?? throw TokenizerErrors.Invalid("a sequence of pre-tokenizers", "null as one of them"))]),
            "ByteLevel" => new ByteLevelPreTokenizer(
                JsonFields.Flag(component, "add_prefix_space", true, Owner), JsonFields.Flag(component, "use_regex", true, Owner)),
            "Digits" => new DigitsPreTokenizer(JsonFields.Flag(component, "individual_digits", false, Owner)),
            var other => throw TokenizerErrors.Invalid("a known pre-tokenizer", $"type '{other}'"),
        };
    }
}

using System.Text.Json;
using PeftStudio.Formats.Tokenizers.Normalizers;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>Builds the <c>normalizer</c> of a tokenizer.json.</summary>
internal static class NormalizerReader
{
    private const string Owner = "normalizer";

    internal static Normalizer? Read(JsonElement component)
    {
        if (component.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        return JsonFields.TypeOf(component) switch
        {
            "Sequence" => new SequenceNormalizer([.. JsonFields.Required(component, "normalizers", JsonValueKind.Array, Owner).EnumerateArray()
                .Select(part => Read(part) ?? throw TokenizerErrors.Invalid("a sequence of normalizers", "null as one of them"))]),
            "Prepend" => new PrependNormalizer(JsonFields.RequiredText(component, "prepend", Owner)),
            "Replace" => new ReplaceNormalizer(PatternReader.Read(component, Owner), JsonFields.RequiredText(component, "content", Owner)),
            var other => throw TokenizerErrors.Invalid("a known normalizer", $"type '{other}'"),
        };
    }
}

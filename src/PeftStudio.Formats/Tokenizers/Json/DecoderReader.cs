using System.Text.Json;
using PeftStudio.Formats.Tokenizers.Decoders;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>Builds the <c>decoder</c> of a tokenizer.json.</summary>
internal static class DecoderReader
{
    private const string Owner = "decoder";

    internal static TokenDecoder? Read(JsonElement component)
    {
        if (component.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        return JsonFields.TypeOf(component) switch
        {
            "Sequence" => new SequenceDecoder([.. JsonFields.Required(component, "decoders", JsonValueKind.Array, Owner).EnumerateArray()
                .Select(part => Read(part) ?? throw TokenizerErrors.Invalid("a sequence of decoders", "null as one of them"))]),
            "ByteLevel" => new ByteLevelDecoder(),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "Replace" => new ReplaceDecoder(PatternReader.Read(component, Owner), JsonFields.RequiredText(component, "content", Owner)),
            "Strip" => new StripDecoder(
                JsonFields.RequiredText(component, "content", Owner),
                JsonFields.RequiredInteger(component, "start", Owner),
                JsonFields.RequiredInteger(component, "stop", Owner)),
            var other => throw TokenizerErrors.Invalid("a known decoder", $"type '{other}'"),
        };
    }
}

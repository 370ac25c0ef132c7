using System.Text.Json;
using PeftStudio.Formats.Tokenizers.Decoders;
using PeftStudio.Formats.Tokenizers.PreTokenizers;

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
            "WordPiece" => new WordPieceDecoder(
                JsonFields.OptionalText(component, "prefix", Owner) ?? "##", JsonFields.Flag(component, "cleanup", true, Owner)),
            "BPEDecoder" => new BpeDecoder(JsonFields.OptionalText(component, "suffix", Owner) ?? "</w>"),
            "CTC" => new CtcDecoder(
                JsonFields.OptionalText(component, "pad_token", Owner) ?? "<pad>",
                JsonFields.OptionalText(component, "word_delimiter_token", Owner) ?? "|",
                JsonFields.Flag(component, "cleanup", true, Owner)),
            "Metaspace" => ReadMetaspace(component),
            var other => throw TokenizerErrors.Invalid("a known decoder", $"type '{other}'"),
        };
    }

    private static MetaspaceDecoder ReadMetaspace(JsonElement component)
    {
        var (replacement, scheme) = PreTokenizerReader.Metaspace(component, Owner);
        return new MetaspaceDecoder(replacement, scheme != PrependScheme.Never);
    }
}

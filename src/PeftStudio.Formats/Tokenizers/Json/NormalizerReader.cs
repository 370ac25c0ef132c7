using System.Text.Json;
using PeftStudio.Formats.Tokenizers.Normalizers;
using PeftStudio.Formats.Tokenizers.Text;

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
            "NFC" => new UnicodeFormNormalizer(compatibility: false, compose: true),
            "NFD" => new UnicodeFormNormalizer(compatibility: false, compose: false),
            "NFKC" => new UnicodeFormNormalizer(compatibility: true, compose: true),
            "NFKD" => new UnicodeFormNormalizer(compatibility: true, compose: false),
            "Lowercase" => new LowercaseNormalizer(),
            "Strip" => new StripNormalizer(JsonFields.Flag(component, "strip_left", true, Owner), JsonFields.Flag(component, "strip_right", true, Owner)),
            "StripAccents" => new StripAccentsNormalizer(),
            "Nmt" => new NmtNormalizer(),
            "ByteLevel" => new ByteLevelNormalizer(),
            "BertNormalizer" => ReadBert(component),
            "Precompiled" => ReadPrecompiled(component),
            "Prepend" => new PrependNormalizer(JsonFields.RequiredText(component, "prepend", Owner)),
            "Replace" => new ReplaceNormalizer(PatternReader.Read(component, Owner), JsonFields.RequiredText(component, "content", Owner)),
            var other => throw TokenizerErrors.Invalid("a known normalizer", $"type '{other}'"),
        };
    }

    private static SequenceNormalizer ReadBert(JsonElement component)
    {
        var lowercase = JsonFields.Flag(component, "lowercase", true, Owner);
        return BertNormalizer.Create(
            JsonFields.Flag(component, "clean_text", true, Owner),
            JsonFields.Flag(component, "handle_chinese_chars", true, Owner),
            JsonFields.Flag(component, "strip_accents", lowercase, Owner),
            lowercase);
    }

    /// <summary>Null or nothing as the map means that nothing is replaced.</summary>
    private static Normalizer ReadPrecompiled(JsonElement component)
    {
        var text = JsonFields.OptionalText(component, "precompiled_charsmap", Owner);
        if (string.IsNullOrEmpty(text)) return new SequenceNormalizer([]);
        try
        {
            return new PrecompiledNormalizer(new Charsmap(Convert.FromBase64String(text)));
        }
        catch (FormatException cause)
        {
            throw TokenizerErrors.Invalid("a precompiled charsmap in base64", "other text", cause);
        }
    }
}

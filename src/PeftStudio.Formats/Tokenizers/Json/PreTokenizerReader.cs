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
            "Split" => new SplitPreTokenizer(
                PatternReader.Read(component, Owner), Behavior(JsonFields.RequiredText(component, "behavior", Owner)), JsonFields.Flag(component, "invert", false, Owner)),
            "Punctuation" => new PunctuationPreTokenizer(Behavior(JsonFields.OptionalText(component, "behavior", Owner) ?? nameof(SplitBehavior.Isolated))),
            "BertPreTokenizer" => new SequencePreTokenizer([new WhitespaceSplitPreTokenizer(), new PunctuationPreTokenizer(SplitBehavior.Isolated)]),
            "Whitespace" => new WhitespacePreTokenizer(),
            "WhitespaceSplit" => new WhitespaceSplitPreTokenizer(),
            "CharDelimiterSplit" => new DelimiterPreTokenizer(OneCharacter(JsonFields.RequiredText(component, "delimiter", Owner))),
            "FixedLength" => new FixedLengthPreTokenizer(Length(component)),
            "UnicodeScripts" => new UnicodeScriptsPreTokenizer(),
            "Metaspace" => ReadMetaspace(component),
            var other => throw TokenizerErrors.Invalid("a known pre-tokenizer", $"type '{other}'"),
        };
    }

    /// <summary>Reads <c>Metaspace</c>, of files before 2024 too, which have <c>add_prefix_space</c> instead of a scheme.</summary>
    private static MetaspacePreTokenizer ReadMetaspace(JsonElement component)
    {
        var (replacement, scheme) = Metaspace(component, Owner);
        return new MetaspacePreTokenizer(replacement, scheme, JsonFields.Flag(component, "split", true, Owner));
    }

    /// <summary>Replacement and scheme of a <c>Metaspace</c> pre-tokenizer or decoder.</summary>
    internal static (string Replacement, PrependScheme Scheme) Metaspace(JsonElement component, string owner)
    {
        var replacement = JsonFields.OptionalText(component, "replacement", owner) ?? "\u2581";
        OneCharacter(replacement);
        if (!JsonFields.Flag(component, "add_prefix_space", true, owner)) return (replacement, PrependScheme.Never);
        return (replacement, (JsonFields.OptionalText(component, "prepend_scheme", owner) ?? "always") switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var other => throw TokenizerErrors.Invalid("prepend_scheme always, first or never", $"'{other}'"),
        });
    }

    private static SplitBehavior Behavior(string name) => name switch
    {
        nameof(SplitBehavior.Removed) => SplitBehavior.Removed,
        nameof(SplitBehavior.Isolated) => SplitBehavior.Isolated,
        nameof(SplitBehavior.MergedWithPrevious) => SplitBehavior.MergedWithPrevious,
        nameof(SplitBehavior.MergedWithNext) => SplitBehavior.MergedWithNext,
        nameof(SplitBehavior.Contiguous) => SplitBehavior.Contiguous,
        _ => throw TokenizerErrors.Invalid("a known split behavior", $"'{name}'"),
    };

    private static int OneCharacter(string text) =>
        System.Text.Rune.DecodeFromUtf16(text, out var rune, out var width) == System.Buffers.OperationStatus.Done && width == text.Length
            ? rune.Value
            : throw TokenizerErrors.Invalid("one character as delimiter or replacement", $"'{text}'");

    private static int Length(JsonElement component)
    {
        var length = component.TryGetProperty("length", out _) ? JsonFields.RequiredInteger(component, "length", Owner) : 5;
        return length > 0 ? length : throw TokenizerErrors.Invalid("a length of at least 1", $"{length}");
    }
}

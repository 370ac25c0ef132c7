using System.Text.Json;
using PeftStudio.Formats.Tokenizers.Models;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>The members of a model, collected before its type is known: <c>type</c> may come last, or not at all in old files.</summary>
internal sealed class ModelDraft
{
    internal Dictionary<string, int>? Ids { get; set; }

    internal List<(string Left, string Right)>? Merges { get; set; }

    internal Dictionary<string, JsonElement> Others { get; } = new(StringComparer.Ordinal);

    internal TokenModel Build() => TypeName() switch
    {
        "BPE" => BuildBpe(),
        var other => throw TokenizerErrors.Invalid("a model of a known type (BPE, Unigram, WordPiece, WordLevel)", $"type '{other}'"),
    };

    private string TypeName()
    {
        if (Text("type") is { } type) return type;
        if (Merges is not null) return "BPE";
        if (Ids is null && Others.TryGetValue("vocab", out var vocabulary) && vocabulary.ValueKind == JsonValueKind.Array) return "Unigram";
        return Others.ContainsKey("continuing_subword_prefix") && Others.ContainsKey("max_input_chars_per_word") ? "WordPiece" : "WordLevel";
    }

    private BpeModel BuildBpe() => new(
        Vocabulary(),
        Merges ?? throw TokenizerErrors.Invalid("a BPE model", "no member 'merges'"),
        new BpeSettings
        {
            UnknownToken = Text("unk_token"),
            ContinuingPrefix = TextOrNull("continuing_subword_prefix"),
            EndOfWordSuffix = TextOrNull("end_of_word_suffix"),
            FuseUnknown = Flag("fuse_unk"),
            ByteFallback = Flag("byte_fallback"),
            IgnoreMerges = Flag("ignore_merges"),
        });

    private Vocabulary Vocabulary() => new(Ids ?? throw TokenizerErrors.Invalid("a model with a vocabulary", "no member 'vocab' that maps tokens to ids"));

    /// <summary>An empty prefix or suffix means none.</summary>
    private string? TextOrNull(string member) => Text(member) is { Length: > 0 } text ? text : null;

    private string? Text(string member)
    {
        if (!Others.TryGetValue(member, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw TokenizerErrors.Invalid($"a text in '{member}' of the model", $"a JSON {value.ValueKind}");
    }

    private bool Flag(string member)
    {
        if (!Others.TryGetValue(member, out var value) || value.ValueKind == JsonValueKind.Null) return false;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw TokenizerErrors.Invalid($"true or false in '{member}' of the model", $"a JSON {value.ValueKind}"),
        };
    }
}

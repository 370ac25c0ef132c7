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
        "Unigram" => BuildUnigram(),
        "WordPiece" => new WordPieceModel(
            Vocabulary(), Ids!, Text("unk_token") ?? "[UNK]", Text("continuing_subword_prefix") ?? "##", Integer("max_input_chars_per_word") ?? 100),
        "WordLevel" => new WordLevelModel(Vocabulary(), Text("unk_token") ?? "<unk>"),
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

    private UnigramModel BuildUnigram()
    {
        if (!Others.TryGetValue("vocab", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw TokenizerErrors.Invalid("a Unigram model", "no list of pieces in 'vocab'");
        }

        var pieces = new List<(string, double)>(list.GetArrayLength());
        foreach (var piece in list.EnumerateArray())
        {
            if (piece.ValueKind != JsonValueKind.Array || piece.GetArrayLength() != 2 || piece[0].ValueKind != JsonValueKind.String
                || piece[1].ValueKind != JsonValueKind.Number)
            {
                throw TokenizerErrors.Invalid("pieces written as [text, score]", $"another value at piece {pieces.Count}");
            }

            pieces.Add((piece[0].GetString()!, piece[1].GetDouble()));
        }

        return new UnigramModel(pieces, Integer("unk_id"), Flag("byte_fallback"));
    }

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

    private int? Integer(string member)
    {
        if (!Others.TryGetValue(member, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0
            ? number
            : throw TokenizerErrors.Invalid($"a positive integer in '{member}' of the model", value.GetRawText());
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

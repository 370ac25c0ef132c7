using System.Text.Json.Nodes;

namespace PeftStudio.Formats.Gguf.Vocabulary;

/// <summary>
/// Names that llama.cpp gives to ways of splitting text before byte-level merging (<c>tokenizer.ggml.pre</c>), found by the patterns of
/// tokenizer.json, never by the model's name.
/// </summary>
internal static class PreTokenizerNames
{
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private const string Digits = @"\p{N}";
    private const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Llama3Rest = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Upper = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+";
    private const string Lower = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*";
    private const string CasedRest = @"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Punctuation = "punctuation in runs";

    private static readonly (string Name, string[] Steps)[] Known =
    [
        ("gpt-2", [Gpt2]),
        ("smollm", [Digits, Gpt2]),
        ("llama-bpe", [Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + Llama3Rest]),
        ("qwen2", [Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + Llama3Rest]),
        ("qwen35", [Contractions + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"]),
        ("gpt-4o", [Upper + Contractions + "?|" + Lower + Contractions + @"?|\p{N}{1,3}" + CasedRest]),
        ("tekken", [Upper + "|" + Lower + @"|\p{N}" + CasedRest]),
        ("deepseek-v3",
        [
            @"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+",
            @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ]),
        ("bloom", [" ?[^(\\s|[.,!?…。，、।۔،])]+"]),
        ("falcon", [Punctuation, Gpt2, "[0-9][0-9][0-9]"]),
    ];

    /// <summary>The name for a pre_tokenizer, or null when none fits.</summary>
    internal static string? Of(JsonNode? preTokenizer)
    {
        var steps = new List<string>();
        return Collect(preTokenizer, steps, 0) ? Known.FirstOrDefault(k => k.Steps.SequenceEqual(steps)).Name : null;
    }

    private static bool Collect(JsonNode? node, List<string> steps, int depth)
    {
        if (node is not JsonObject step || depth > 8) return false;
        switch (TokenizerFiles.Text(step["type"]))
        {
            case "Sequence":
                return step["pretokenizers"] is JsonArray list && list.All(p => Collect(p, steps, depth + 1));
            case "ByteLevel":
                if (Flag(step, "add_prefix_space")) return false;
                if (step["use_regex"] is null || Flag(step, "use_regex")) steps.Add(Gpt2);
                return true;
            case "Digits" when Flag(step, "individual_digits"):
                steps.Add(Digits);
                return true;
            case "Punctuation" when TokenizerFiles.Text(step["behavior"]) == "Contiguous":
                steps.Add(Punctuation);
                return true;
            case "Split" when IsIsolating(step) && step["pattern"] is JsonObject pattern:
                steps.Add(Normalize(TokenizerFiles.Text(pattern["Regex"]) ?? TokenizerFiles.Text(pattern["String"]) ?? string.Empty));
                return true;
            default:
                return false;
        }
    }

    // Keeping matches as pieces, or dropping what is between matches of a pattern that matches everything: the same.
    private static bool IsIsolating(JsonObject step) => (TokenizerFiles.Text(step["behavior"]), Flag(step, "invert")) is ("Isolated", _) or ("Removed", true);

    private static bool Flag(JsonObject step, string key) => step[key] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    private static string Normalize(string regex) => regex
        .Replace("(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])", Contractions, StringComparison.Ordinal)
        .Replace("'(?i:[sdmt]|ll|ve|re)", Contractions, StringComparison.Ordinal);
}

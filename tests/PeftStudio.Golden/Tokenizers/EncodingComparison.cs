using System.Text.Json;
using PeftStudio.Formats.Tokenizers;

namespace PeftStudio.Golden.Tokenizers;

/// <summary>Compares an encoding with the fields of a line; offsets there count code points.</summary>
internal static class EncodingComparison
{
    internal static void Check(TokenEncoding actual, JsonElement expected, IReadOnlyList<string> texts, Tokenizer tokenizer, string what, Mismatches mismatches)
    {
        var ids = EncodeForm.Ids(expected);
        var areWords = expected.TryGetProperty("words", out _);
        mismatches.Compare(actual.Ids, ids, $"{what}: ids");
        mismatches.Compare(actual.TypeIds, Numbers(expected, "type_ids") ?? new int[ids.Length], $"{what}: type ids");
        mismatches.Compare(actual.AttentionMask.Select(Bit), Numbers(expected, "attention_mask") ?? Enumerable.Repeat(1, ids.Length), $"{what}: attention mask");
        if (Numbers(expected, "special_tokens_mask") is { } special) mismatches.Compare(actual.SpecialTokensMask.Select(Bit), special, $"{what}: special tokens mask");
        if (Numbers(expected, "offsets") is { } offsets) mismatches.Compare(CodePoints(actual, texts, areWords), offsets, $"{what}: offsets");
        if (expected.TryGetProperty("word_ids", out var words))
        {
            mismatches.Compare(
                actual.WordIds.Select(Show), words.EnumerateArray().Select(w => w.ValueKind == JsonValueKind.Null ? "null" : w.GetRawText()), $"{what}: word ids");
        }

        if (expected.TryGetProperty("tokens", out var tokens))
        {
            mismatches.Compare(actual.Tokens, tokens.EnumerateArray().Select(t => t.GetString()!), $"{what}: tokens");
        }
        else if (!actual.AttentionMask.Contains(false))
        {
            // Padding shows the token of the options, which need not be that of its id.
            mismatches.Compare(actual.Tokens, ids.Select(id => tokenizer.TokenOf(id) ?? "?"), $"{what}: tokens");
        }
    }

    private static int Bit(bool value) => value ? 1 : 0;

    private static string Show(int? word) => word?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null";

    private static int[]? Numbers(JsonElement line, string field) => line.TryGetProperty(field, out var list) ? EncodeForm.Numbers(list) : null;

    /// <summary>Flat offsets in code points; each token counts within its own text, or its own word.</summary>
    private static IEnumerable<int> CodePoints(TokenEncoding encoding, IReadOnlyList<string> texts, bool areWords)
    {
        for (var i = 0; i < encoding.Count; i++)
        {
            var which = areWords ? encoding.WordIds[i] : encoding.SequenceIds[i];
            var offset = which is { } index ? TokenEncoding.ToCodePoints(texts[index], [encoding.Offsets[i]])[0] : encoding.Offsets[i];
            yield return offset.Start;
            yield return offset.End;
        }
    }
}

using System.Text.Json;
using PeftStudio.Formats.Tokenizers;
using PeftStudio.Formats.Tokenizers.Json;

namespace PeftStudio.Golden.Tokenizers;

/// <summary>The form <c>truncation-padding</c>: batches with the two members of a tokenizer.json.</summary>
internal static class TruncationForm
{
    internal static void Check(GoldenCase golden, Mismatches mismatches)
    {
        var tokenizer = CaseFiles.Load(golden);
        foreach (var line in CaseFiles.Lines(golden, "vectors"))
        {
            var raw = line.GetRawText();
            var what = raw[..Math.Min(raw.Length, 420)];
            var inputs = line.GetProperty("inputs").EnumerateArray().Select(Texts).ToList();
            var options = new EncodeOptions
            {
                AddSpecialTokens = line.GetProperty("add_special_tokens").GetBoolean(),
                Truncation = LengthReader.ReadTruncation(line.GetProperty("truncation")) is { } truncation ? truncation with { KeepOverflowing = true } : null,
                Padding = LengthReader.ReadPadding(line.GetProperty("padding")),
            };
            IReadOnlyList<TokenEncoding> encodings;
            try
            {
                encodings = tokenizer.EncodeBatch([.. inputs.Select(t => new TokenizerInput(t[0], t.ElementAtOrDefault(1)))], options);
            }
            catch (PeftStudioException error)
            {
                if (!line.TryGetProperty("error", out _)) mismatches.Add($"{what}: {error.Message}");
                continue;
            }

            if (line.TryGetProperty("error", out var expected))
            {
                mismatches.Add($"{what}: no error, the library says {expected}");
                continue;
            }

            var given = line.GetProperty("encodings").EnumerateArray().ToList();
            for (var i = 0; i < given.Count; i++) CheckOne(encodings[i], given[i], inputs[i], tokenizer, $"{what} input {i}", mismatches);
        }
    }

    private static void CheckOne(TokenEncoding actual, JsonElement expected, string[] texts, Tokenizer tokenizer, string what, Mismatches mismatches)
    {
        EncodingComparison.Check(actual, expected, texts, tokenizer, what, mismatches);
        var overflowing = expected.TryGetProperty("overflowing", out var list) ? list.EnumerateArray().ToList() : [];
        mismatches.Compare([actual.Overflowing.Length], [overflowing.Count], $"{what}: number of overflowing");
        for (var i = 0; i < Math.Min(actual.Overflowing.Length, overflowing.Count); i++)
        {
            var fields = overflowing[i];
            mismatches.Compare(actual.Overflowing[i].Ids, EncodeForm.Ids(fields), $"{what}: ids of overflowing {i}");
            if (fields.TryGetProperty("offsets", out _)) EncodingComparison.Check(actual.Overflowing[i], fields, texts, tokenizer, $"{what}: overflowing {i}", mismatches);
        }
    }

    private static string[] Texts(JsonElement input) =>
        input.ValueKind == JsonValueKind.String ? [input.GetString()!] : [.. input.EnumerateArray().Select(t => t.GetString()!)];
}

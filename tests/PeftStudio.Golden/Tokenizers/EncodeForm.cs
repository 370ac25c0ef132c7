using System.Security.Cryptography;
using System.Runtime.InteropServices;
using System.Text.Json;
using PeftStudio.Formats.Tokenizers;

namespace PeftStudio.Golden.Tokenizers;

/// <summary>The form <c>encode</c>: ids, offsets, masks, decoded text, streamed chunks, long repetitions.</summary>
internal static class EncodeForm
{
    internal static void Check(GoldenCase golden, Mismatches mismatches)
    {
        var tokenizer = CaseFiles.Load(golden);
        var asText = golden.Flag("encode_special_tokens");
        foreach (var line in CaseFiles.Lines(golden, "vectors")) CheckLine(tokenizer, line, asText, decode: true, mismatches);
        foreach (var line in CaseFiles.Lines(golden, "decode")) DecodeLines.Check(tokenizer, line, mismatches);
        foreach (var line in CaseFiles.Lines(golden, "repeat")) CheckRepeat(tokenizer, line, mismatches);
    }

    internal static void CheckLine(Tokenizer tokenizer, JsonElement line, bool asText, bool decode, Mismatches mismatches)
    {
        var what = Describe(line);
        var addSpecial = line.GetProperty("add_special_tokens").GetBoolean();
        var input = Input(line);
        TokenEncoding encoding;
        try
        {
            encoding = tokenizer.Encode(input.Value, new EncodeOptions { AddSpecialTokens = addSpecial, SpecialTokensAsText = asText });
        }
        catch (PeftStudioException error)
        {
            mismatches.Add($"{what}: {error.Message}");
            return;
        }

        EncodingComparison.Check(encoding, line, input.Texts, tokenizer, what, mismatches);
        if (input.Texts is [var text] && !line.TryGetProperty("words", out _))
        {
            mismatches.Compare(tokenizer.EncodeToIds(text, addSpecial, asText), Ids(line), $"{what}: EncodeToIds");
        }

        if (!decode) return;
        var decoded = line.TryGetProperty("decoded", out var d) ? d.GetString()! : input.Texts[0];
        var skipping = line.TryGetProperty("decoded_skip_special", out var s) ? s.GetString()! : decoded;
        mismatches.Compare(tokenizer.Decode(Ids(line), skipSpecialTokens: false), decoded, $"{what}: decoded");
        mismatches.Compare(tokenizer.Decode(Ids(line), skipSpecialTokens: true), skipping, $"{what}: decoded without special tokens");
    }

    internal static int[] Ids(JsonElement line) => Numbers(line.GetProperty("ids"));

    internal static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(n => n.GetInt32())];

    private static (TokenizerInput Value, string[] Texts) Input(JsonElement line)
    {
        if (line.TryGetProperty("words", out var words))
        {
            string[] list = [.. words.EnumerateArray().Select(w => w.GetString()!)];
            return (TokenizerInput.OfWords(list), list);
        }

        var text = line.GetProperty("text").GetString()!;
        var pair = line.TryGetProperty("pair", out var p) ? p.GetString() : null;
        return (new TokenizerInput(text, pair), pair is null ? [text] : [text, pair]);
    }

    private static string Describe(JsonElement line)
    {
        var raw = line.GetRawText();
        var end = raw.IndexOf("\"ids\"", StringComparison.Ordinal);
        return end is > 0 and < 300 ? raw[..end] : raw[..Math.Min(raw.Length, 300)];
    }

    private static void CheckRepeat(Tokenizer tokenizer, JsonElement line, Mismatches mismatches)
    {
        var unit = line.GetProperty("unit").GetString()!;
        var count = line.GetProperty("count").GetInt32();
        var text = string.Concat(Enumerable.Repeat(unit, count));
        var ids = tokenizer.EncodeToIds(text, line.GetProperty("add_special_tokens").GetBoolean());
        var what = $"{count} times '{unit}'";
        mismatches.Compare([ids.Length], [line.GetProperty("length").GetInt32()], what + ": length");
        mismatches.Compare(ids.Take(8), Numbers(line.GetProperty("head")), what + ": head");
        mismatches.Compare(ids.TakeLast(8), Numbers(line.GetProperty("tail")), what + ": tail");
        var hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(ids.AsSpan())));
        mismatches.Compare(hash, line.GetProperty("sha256").GetString()!, what + ": sha256");
    }
}

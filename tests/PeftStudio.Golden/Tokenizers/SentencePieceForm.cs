namespace PeftStudio.Golden.Tokenizers;

/// <summary>The form <c>sentencepiece</c>: a <c>tokenizer.model</c>.</summary>
internal static class SentencePieceForm
{
    internal static void Check(GoldenCase golden, Mismatches mismatches)
    {
        var tokenizer = CaseFiles.Load(golden);
        foreach (var line in CaseFiles.Lines(golden, "vectors"))
        {
            var text = line.GetProperty("text").GetString()!;
            var what = Mismatches.Quote(text);
            var ids = EncodeForm.Ids(line);
            var encoding = tokenizer.Encode(text, new() { AddSpecialTokens = false });
            mismatches.Compare(encoding.Ids, ids, $"{what}: ids");
            mismatches.Compare(tokenizer.EncodeToIds(text, addSpecialTokens: false), ids, $"{what}: EncodeToIds");
            var pieces = line.TryGetProperty("pieces", out var given) ? given.EnumerateArray().Select(p => p.GetString()!) : ids.Select(id => tokenizer.TokenOf(id)!);
            mismatches.Compare(encoding.Tokens, pieces, $"{what}: pieces");
            mismatches.Compare(tokenizer.Decode(ids), line.TryGetProperty("decoded", out var decoded) ? decoded.GetString()! : text, $"{what}: decoded");
        }

        foreach (var line in CaseFiles.Lines(golden, "decode")) DecodeLines.Check(tokenizer, line, mismatches);
    }
}

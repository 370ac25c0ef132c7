using System.Text.Json;
using PeftStudio.Formats.Tokenizers;
using PeftStudio.Formats.Tokenizers.Decoders;
using PeftStudio.Formats.Tokenizers.Pipeline;

namespace PeftStudio.Golden.Tokenizers;

/// <summary>Lines of <c>decode.jsonl</c>: text at once, and streamed.</summary>
internal static class DecodeLines
{
    internal static void Check(Tokenizer tokenizer, JsonElement line, Mismatches mismatches)
    {
        var ids = EncodeForm.Ids(line);
        var skip = !line.TryGetProperty("skip_special_tokens", out var s) || s.GetBoolean();
        var what = $"ids {string.Join(' ', ids)}, skip {skip}";
        var decoded = line.GetProperty("decoded").GetString()!;
        mismatches.Compare(tokenizer.Decode(ids, skip), decoded, what);
        var stream = tokenizer.CreateStreamingDecoder(skip);
        var chunks = ids.Select(stream.Push).ToList();
        var rest = stream.Flush();
        if (decoded.Contains('\uFFFD', StringComparison.Ordinal)) return;
        mismatches.Compare(string.Concat(chunks) + rest, decoded, what + ": streamed");
        if (line.TryGetProperty("chunks", out var expected)) CheckChunks(tokenizer, chunks, [.. expected.EnumerateArray().Select(c => c.GetString() ?? "")], decoded, what, mismatches);
    }

    private static void CheckChunks(Tokenizer tokenizer, List<string> chunks, List<string> expected, string decoded, string what, Mismatches mismatches)
    {
        var decoder = (tokenizer as PipelineTokenizer)?.Parts.Decoder;
        if (decoder is SequenceDecoder sequence && sequence.Parts.Any(part => part is ByteFallbackDecoder))
        {
            mismatches.Compare(chunks, expected, what + ": chunks");
        }
        else if (decoder is ByteLevelDecoder)
        {
            var (ours, theirs) = ("", "");
            for (var i = 0; i < chunks.Count; i++)
            {
                ours += chunks[i];
                theirs += expected[i];
                if (!decoded.StartsWith(ours, StringComparison.Ordinal) || !ours.StartsWith(theirs, StringComparison.Ordinal))
                {
                    mismatches.Add($"{what}: after {i + 1} ids {Mismatches.Quote(ours)}, the library {Mismatches.Quote(theirs)}");
                    return;
                }
            }
        }
    }
}

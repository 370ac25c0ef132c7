using System.Text.Json;
using PeftStudio.Formats.Tokenizers.Decoders;
using PeftStudio.Formats.Tokenizers.Json;
using PeftStudio.Formats.Tokenizers.Normalizers;
using PeftStudio.Formats.Tokenizers.PreTokenizers;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Golden.Tokenizers;

/// <summary>The forms that look at one component alone: normalizers, pre-tokenizers, decoders.</summary>
internal static class ComponentForms
{
    internal static void Check(GoldenCase golden, Mismatches mismatches)
    {
        var components = golden.Json.GetProperty("components").EnumerateObject().ToList();
        Action<JsonElement> check = golden.Text("form") switch
        {
            "normalizers" => Normalizers(components, mismatches),
            "pre-tokenizers" => PreTokenizers(components, mismatches),
            _ => Decoders(components, mismatches),
        };
        foreach (var line in CaseFiles.Lines(golden, "vectors")) check(line);
    }

    private static Action<JsonElement> Normalizers(List<JsonProperty> components, Mismatches mismatches)
    {
        var built = components.ToDictionary(c => c.Name, c => NormalizerReader.Read(c.Value)!);
        return line =>
        {
            var text = line.GetProperty("text").GetString()!;
            foreach (var (name, normalizer) in built)
            {
                var expected = line.GetProperty("normalized").TryGetProperty(name, out var given) ? given.GetString()! : text;
                mismatches.Compare(normalizer.Apply(text), expected, $"{name} of {Mismatches.Quote(text)}");
            }
        };
    }

    private static Action<JsonElement> PreTokenizers(List<JsonProperty> components, Mismatches mismatches)
    {
        var built = components.ToDictionary(c => c.Name, c => PreTokenizerReader.Read(c.Value)!);
        return line =>
        {
            var text = line.GetProperty("text").GetString()!;
            foreach (var (name, preTokenizer) in built)
            {
                var hasSpans = line.GetProperty("spans").TryGetProperty(name, out var spans);
                JsonElement pieces = default;
                var hasPieces = line.TryGetProperty("pieces", out var all) && all.TryGetProperty(name, out pieces);
                if (!hasSpans && !hasPieces) continue;
                var found = Pieces(preTokenizer, text);
                var what = $"{name} of {Mismatches.Quote(text)}";
                if (hasSpans) mismatches.Compare(found.SelectMany(p => new[] { p.Start, p.End }), EncodeForm.Numbers(spans), what);
                if (!hasPieces) continue;
                mismatches.Compare(
                    found.Select(p => $"{p.Text}|{p.Start}|{p.End}"), pieces.EnumerateArray().Select(p => $"{p[0].GetString()}|{p[1].GetInt32()}|{p[2].GetInt32()}"), what);
            }
        };
    }

    private static List<(string Text, int Start, int End)> Pieces(PreTokenizer preTokenizer, string text)
    {
        var buffer = new PieceBuffer();
        buffer.Load(text, 0, track: true);
        preTokenizer.Apply(buffer);
        var points = new int[text.Length + 1];
        for (var i = 0; i < text.Length; i++) points[i + 1] = points[i] + (i > 0 && char.IsSurrogatePair(text[i - 1], text[i]) ? 0 : 1);
        return [.. buffer.Pieces.Select(p => (buffer.CharsOf(p).ToString(), points[buffer.Text.StartOf(p.Start)], points[buffer.Text.EndOf(p.End - 1)]))];
    }

    private static Action<JsonElement> Decoders(List<JsonProperty> components, Mismatches mismatches)
    {
        var built = components.ToDictionary(c => c.Name, c => DecoderReader.Read(c.Value)!);
        return line =>
        {
            var tokens = line.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()!).ToList();
            foreach (var expected in line.GetProperty("decoded").EnumerateObject())
            {
                var actual = expected.Name == "none" ? string.Join(' ', tokens) : string.Concat(built[expected.Name].Decode([.. tokens]));
                mismatches.Compare(actual, expected.Value.GetString()!, $"{expected.Name} of {string.Join('|', tokens)}");
            }
        };
    }
}

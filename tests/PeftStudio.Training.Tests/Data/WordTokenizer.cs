using System.Text.Json;
using PeftStudio.Formats.Tokenizers;
using PeftStudio.Formats.Tokenizers.PostProcessors;

namespace PeftStudio.Training.Tests.Data;

/// <summary>A tokenizer for tests: words between blanks, and special tokens wherever they stand. Its vocabulary is a list, or that of a golden WordLevel file.</summary>
internal sealed class WordTokenizer : Tokenizer
{
    private readonly Dictionary<string, int> ids;
    private readonly string[] tokens;
    private readonly string[] special;
    private readonly bool merging;

    private WordTokenizer(Dictionary<string, int> ids, string[] special, bool merging)
    {
        this.ids = ids;
        this.special = special;
        this.merging = merging;
        tokens = new string[ids.Values.Max() + 1];
        foreach (var (token, id) in ids) tokens[id] = token;
    }

    public override int VocabularySize => tokens.Length;

    /// <summary>Ids 0 to 3 are pad, begin, end and unknown; the words follow.</summary>
    internal static WordTokenizer Of(params string[] words) => new(
        new[] { "<pad>", "<s>", "</s>", "<unk>" }.Concat(words).Select((w, i) => (w, i)).ToDictionary(p => p.w, p => p.i), ["<pad>", "<s>", "</s>"], merging: false);

    /// <summary>As <see cref="Of"/>, but a blank is part of the word behind it, as in byte-level BPE; a blank at the end is a token of its own.</summary>
    internal static WordTokenizer WithLeadingBlanks(params string[] words) => new(
        new[] { "<pad>", "<s>", "</s>", "<unk>", " " }.Concat(words).Select((w, i) => (w, i)).ToDictionary(p => p.w, p => p.i), ["<pad>", "<s>", "</s>"], merging: true);

    internal static WordTokenizer Golden(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var vocabulary = json.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32());
        return new WordTokenizer(vocabulary, [.. vocabulary.Keys.Where(k => k.StartsWith('<'))], merging: false);
    }

    public override int? IdOf(string token) => ids.TryGetValue(token, out var id) ? id : null;

    public override string? TokenOf(int id) => id >= 0 && id < tokens.Length ? tokens[id] : null;

    public override bool IsSpecial(int id) => special.Contains(TokenOf(id));

    public override int[] EncodeToIds(string text, bool addSpecialTokens = true, bool specialTokensAsText = false) => [.. Pieces(text).Select(p => ids.GetValueOrDefault(p, 3))];

    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true) => string.Join(' ', ids.ToArray().Select(TokenOf));

    private protected override EncodingPart EncodePart(TokenizerInput input, EncodeOptions options) => throw new NotSupportedException("training needs ids only");

    private IEnumerable<string> Pieces(string text)
    {
        while (text.Length > 0)
        {
            if (special.FirstOrDefault(s => text.StartsWith(s, StringComparison.Ordinal)) is { } token)
            {
                yield return token;
                text = text[token.Length..];
                continue;
            }

            var from = merging && text[0] == ' ' ? 1 : 0;
            var end = from;
            while (end < text.Length && !char.IsWhiteSpace(text[end]) && !special.Any(s => text.AsSpan(end).StartsWith(s, StringComparison.Ordinal))) end++;
            if (end == from && from == 0) end = 1;
            var piece = text[..end];
            if (merging || !string.IsNullOrWhiteSpace(piece)) yield return piece;
            text = text[end..];
        }
    }
}

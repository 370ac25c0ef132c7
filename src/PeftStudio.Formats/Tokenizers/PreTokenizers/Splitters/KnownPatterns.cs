namespace PeftStudio.Formats.Tokenizers.PreTokenizers.Splitters;

/// <summary>The patterns that have a hand-written splitter, as they stand in tokenizer.json files.</summary>
internal static class KnownPatterns
{
    /// <summary>Llama 3, Falcon 3, GLM-4, dbrx.</summary>
    internal const string Llama3 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Qwen 2, 2.5 and 3, StableLM 2, Grok 2.</summary>
    internal const string Qwen2 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Qwen 3.5.</summary>
    internal const string Qwen35 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>GPT-4o, gpt-oss, Llama 4, Phi-4-mini.</summary>
    internal const string O200k =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Mistral's Tekken.</summary>
    internal const string Tekken =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
        + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|"
        + @"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly Dictionary<string, WordSplitter> Splitters = new(StringComparer.Ordinal)
    {
        [Gpt2Splitter.Pattern] = new Gpt2Splitter(numbersAlone: false),
        [Llama3] = new Llama3Splitter(mostNumbers: 3, marksAreLetters: false),
        [Qwen2] = new Llama3Splitter(mostNumbers: 1, marksAreLetters: false),
        [Qwen35] = new Llama3Splitter(mostNumbers: 1, marksAreLetters: true),
        [O200k] = new O200kSplitter(mostNumbers: 3, contractions: true),
        [Tekken] = new O200kSplitter(mostNumbers: 1, contractions: false),
    };

    internal static IReadOnlyDictionary<string, WordSplitter> All => Splitters;

    /// <summary>The splitter of a pattern, or null.</summary>
    internal static WordSplitter? Find(string pattern) => Splitters.GetValueOrDefault(pattern);
}

using System.Globalization;
using System.Text.Json.Nodes;
using PeftStudio.Formats.Gguf.Conversion;

namespace PeftStudio.Formats.Gguf.Vocabulary;

/// <summary>Copies a model folder's tokenizer into GGUF metadata as llama.cpp's converter does: vocabulary, kinds, scores, merges, special tokens.</summary>
internal static class VocabularyWriter
{
    private const int CodeLlamaTokens = 32_016;
    private const int SmallGraniteTokens = 49_152;

    /// <summary>Writes the keys and returns the number of tokens.</summary>
    /// <param name="style">Which files count.</param>
    /// <param name="files">The folder's files.</param>
    /// <param name="configuration">config.json.</param>
    /// <param name="size">Rows of the embedding, if the configuration says.</param>
    /// <param name="metadata">Receives the keys.</param>
    internal static int Write(VocabularyStyle style, TokenizerFiles files, JsonObject configuration, int? size, GgufMetadata metadata)
    {
        try
        {
            return WriteAll(style, files, configuration, size, metadata);
        }
        catch (InvalidOperationException e)
        {
            throw files.Refuse("a text that is no valid Unicode: " + e.Message, e);
        }
    }

    private static int WriteAll(VocabularyStyle style, TokenizerFiles files, JsonObject configuration, int? size, GgufMetadata metadata)
    {
        var model = style == VocabularyStyle.ByteLevel || (style == VocabularyStyle.Phi && TokenizerFiles.Text(files.Settings?["tokenizer_class"]) == "GPT2Tokenizer") ? null : files.SentencePiece;
        if (style == VocabularyStyle.Llama && files.Settings?["add_prefix_space"] is JsonValue prefix && prefix.TryGetValue<bool>(out var add))
        {
            metadata["tokenizer.ggml.add_space_prefix"] = GgufValue.Of(add);
        }

        var count = model is not null ? WriteScored(SentencePieces(style, files, model, size), files, configuration, metadata)
            : style == VocabularyStyle.SentencePiece ? throw files.Refuse("no tokenizer.model; the converter of this family reads nothing else")
            : style == VocabularyStyle.Llama && IsScoredJson(files) ? WriteScored(ScoredJson(files), files, configuration, metadata)
            : WriteByteLevel(files, configuration, size, metadata);
        if (style == VocabularyStyle.Llama) AdjustLlama(size, metadata);
        return count;
    }

    private static int WriteByteLevel(TokenizerFiles files, JsonObject configuration, int? size, GgufMetadata metadata)
    {
        if (files.Tokenizer is not { } tokenizer) throw files.Refuse("no tokenizer.json");
        if (TokenizerFiles.Text(tokenizer["model"]?["type"]) != "BPE" || tokenizer["model"]?["vocab"] is not JsonObject vocabulary) throw files.Refuse($"a model of type {tokenizer["model"]?["type"]?.ToJsonString() ?? "nothing"}; BPE is expected");
        var name = PreTokenizerNames.Of(tokenizer["pre_tokenizer"])
            ?? throw files.Refuse($"a pre_tokenizer that llama.cpp has no name for: {Shorten(tokenizer["pre_tokenizer"]?.ToJsonString() ?? "null")}");
        var added = files.Added().ToArray();
        var largest = Math.Max(vocabulary.Select(t => TokenizerFiles.Id(t.Value)).DefaultIfEmpty(-1).Max(), added.Select(t => t.Id).DefaultIfEmpty(-1).Max());
        var count = size ?? (largest + 1);
        if (largest >= count) throw files.Refuse($"a token with id {largest}; the model has {count} rows");
        var tokens = new TokenList(count);
        foreach (var (text, id) in vocabulary) tokens.Set(TokenizerFiles.Id(id), text, TokenKind.Normal);
        foreach (var token in added) tokens.Add(token);
        metadata["tokenizer.ggml.model"] = GgufValue.Of("gpt2");
        metadata["tokenizer.ggml.pre"] = GgufValue.Of(name);
        metadata["tokenizer.ggml.tokens"] = GgufValue.Of(tokens.Texts);
        metadata["tokenizer.ggml.token_type"] = GgufValue.Of(tokens.Kinds);
        SpecialTokens.Write(files, configuration, metadata, null, Merges(files, tokenizer));
        return count;
    }

    private static int WriteScored(TokenList tokens, TokenizerFiles files, JsonObject configuration, GgufMetadata metadata)
    {
        metadata["tokenizer.ggml.model"] = GgufValue.Of("llama");
        metadata["tokenizer.ggml.pre"] = GgufValue.Of("default");
        metadata["tokenizer.ggml.tokens"] = GgufValue.Of(tokens.Texts);
        metadata["tokenizer.ggml.scores"] = GgufValue.Of(tokens.Scores);
        metadata["tokenizer.ggml.token_type"] = GgufValue.Of(tokens.Kinds);
        SpecialTokens.Write(files, configuration, metadata, tokens.Count, null);
        return tokens.Count;
    }

    private static TokenList SentencePieces(VocabularyStyle style, TokenizerFiles files, byte[] model, int? size)
    {
        List<(string Text, float Score, int Type)> pieces;
        try
        {
            pieces = SentencePiecePieces.Read(model);
        }
        catch (FormatException e)
        {
            throw files.Refuse("tokenizer.model: " + e.Message, e);
        }

        var tokens = new TokenList(size ?? pieces.Count);
        for (var id = 0; id < pieces.Count; id++)
        {
            // User-defined pieces count as normal ones there.
            var kind = pieces[id].Type is 2 or 3 or 5 or 6 ? (TokenKind)pieces[id].Type : TokenKind.Normal;
            tokens.Set(id, pieces[id].Text, kind, pieces[id].Score);
        }

        foreach (var (content, id) in files.AddedTokens ?? []) tokens.Set(TokenizerFiles.Id(id), content, TokenKind.UserDefined);
        foreach (var token in files.AddedBySettings()) tokens.Add(token);
        if (style == VocabularyStyle.Phi)
        {
            foreach (var token in files.Added()) tokens.Set(token.Id, token.Content, token.IsSpecial ? TokenKind.Control : TokenKind.UserDefined);
        }

        return tokens;
    }

    /// <summary>Llama 2's tokenizer.json: merges over pieces with byte fallback instead of scores.</summary>
    private static bool IsScoredJson(TokenizerFiles files) =>
        files.Tokenizer?["model"] is JsonObject model && TokenizerFiles.Text(model["type"]) == "BPE"
        && model["byte_fallback"] is JsonValue fallback && fallback.TryGetValue<bool>(out var bytes) && bytes
        && TokenizerFiles.Text(files.Tokenizer["decoder"]?["type"]) == "Sequence";

    // Scores cannot be had from such a file; the converter gives every token the same one.
    private static TokenList ScoredJson(TokenizerFiles files)
    {
        var vocabulary = files.Tokenizer!["model"]!["vocab"] as JsonObject ?? throw files.Refuse("a BPE model without vocabulary");
        var added = files.Added().ToArray();
        var special = added.Where(t => t.IsSpecial).Select(t => t.Id).ToHashSet();
        var largest = Math.Max(vocabulary.Select(t => TokenizerFiles.Id(t.Value)).DefaultIfEmpty(-1).Max(), added.Select(t => t.Id).DefaultIfEmpty(-1).Max());
        if (largest > vocabulary.Count + added.Length) throw files.Refuse($"a token with id {largest} among {vocabulary.Count + added.Length} tokens");
        var tokens = new TokenList(largest + 1);
        foreach (var (text, node) in vocabulary)
        {
            var id = TokenizerFiles.Id(node);
            tokens.Set(id, text, IsByte(text) ? TokenKind.Byte : special.Contains(id) ? TokenKind.Control : TokenKind.Normal);
        }

        foreach (var token in added.Where(t => !vocabulary.ContainsKey(t.Content))) tokens.Set(token.Id, token.Content, token.IsSpecial ? TokenKind.Control : TokenKind.UserDefined);
        return tokens;
    }

    private static bool IsByte(string text) => text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
        && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);

    private static List<string>? Merges(TokenizerFiles files, JsonObject tokenizer)
    {
        if (tokenizer["model"]?["merges"] is not JsonArray merges) return null;
        var result = new List<string>(merges.Count);
        foreach (var merge in merges)
        {
            if (TokenizerFiles.Text(merge) is { } text) result.Add(text);
            else if (merge is JsonArray { Count: 2 } pair && TokenizerFiles.Text(pair[0]) is { } left && TokenizerFiles.Text(pair[1]) is { } right) result.Add($"{Escape(left)} {Escape(right)}");
            else throw files.Refuse("a merge that is neither a text nor a pair");
        }

        return result;
    }

    // A space within a token would separate the pair; the byte map's own character for it is used instead.
    private static string Escape(string token) => token.Replace(' ', (char)(' ' + 256));

    private static void AdjustLlama(int? size, GgufMetadata metadata)
    {
        if (size == CodeLlamaTokens) metadata["tokenizer.ggml.eot_token_id"] = GgufValue.Of(32_010u);
        if (size == SmallGraniteTokens) metadata["tokenizer.ggml.add_bos_token"] = GgufValue.Of(false);
    }

    private static string Shorten(string text) => text.Length > 200 ? text[..200] + "…" : text;
}

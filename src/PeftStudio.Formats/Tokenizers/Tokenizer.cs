namespace PeftStudio.Formats.Tokenizers;

/// <summary>Turns text into token ids and back, exactly as the checkpoint's own files say. Thread-safe.</summary>
public abstract class Tokenizer
{
    /// <summary>Number of ids, added tokens included.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Id of a token's exact content, or null.</summary>
    public abstract int? IdOf(string token);

    /// <summary>Content of an id, or null for an id outside the vocabulary.</summary>
    public abstract string? TokenOf(int id);

    /// <summary>Encodes a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="addSpecialTokens">Whether the post-processor adds its tokens, such as the one that begins a text.</param>
    public abstract int[] EncodeToIds(string text, bool addSpecialTokens = true);

    /// <summary>Decodes ids.</summary>
    /// <param name="ids">Ids inside the vocabulary.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    public abstract string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true);
}

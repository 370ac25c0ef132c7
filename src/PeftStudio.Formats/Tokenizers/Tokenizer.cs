namespace PeftStudio.Formats.Tokenizers;

/// <summary>Turns text into token ids and back, exactly as the checkpoint's own files say. Thread-safe.</summary>
public abstract partial class Tokenizer
{
    /// <summary>Creates a tokenizer without a configuration.</summary>
    protected Tokenizer()
        : this(new TokenizerConfiguration())
    {
    }

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="configuration">What the files beside the tokenizer say.</param>
    protected Tokenizer(TokenizerConfiguration configuration) => Configuration = configuration;

    /// <summary>Special tokens, chat template and limits from the files beside the tokenizer.</summary>
    public TokenizerConfiguration Configuration { get; }

    /// <summary>Id of the token that begins a text, or null.</summary>
    public virtual int? BosTokenId => Configuration.BosToken is { } token ? IdOf(token) : null;

    /// <summary>Id of the token that ends a text, or null.</summary>
    public virtual int? EosTokenId => Configuration.EosToken is { } token ? IdOf(token) : null;

    /// <summary>Id of the padding token, or null if the checkpoint names none.</summary>
    public virtual int? PadTokenId => Configuration.PadToken is { } token ? IdOf(token) : null;

    /// <summary>Id of the token that stands for unknown text, or null.</summary>
    public virtual int? UnknownTokenId => Configuration.UnknownToken is { } token ? IdOf(token) : null;

    /// <summary>Number of ids, added tokens included: the largest id plus one.</summary>
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
    /// <exception cref="PeftStudioException">PS1102: an id lies outside the vocabulary.</exception>
    public abstract string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true);
}

using PeftStudio.Formats.Tokenizers.Pipeline;
using PeftStudio.Formats.Tokenizers.PostProcessors;

namespace PeftStudio.Formats.Tokenizers;

/// <summary>Turns text into token ids and back, exactly as the checkpoint's own files say. Thread-safe.</summary>
public abstract partial class Tokenizer
{
    /// <summary>Creates a tokenizer without a configuration.</summary>
    private protected Tokenizer()
        : this(new TokenizerConfiguration())
    {
    }

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="configuration">What the files beside the tokenizer say.</param>
    private protected Tokenizer(TokenizerConfiguration configuration) => Configuration = configuration;

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

    /// <summary>Truncation that the tokenizer's own file carries, or null. It is not applied unless asked for.</summary>
    public virtual TruncationOptions? FileTruncation => null;

    /// <summary>Padding that the tokenizer's own file carries, or null. It is not applied unless asked for.</summary>
    public virtual PaddingOptions? FilePadding => null;

    /// <summary>Whether an id is a special token, which <see cref="Decode"/> leaves out when asked to.</summary>
    public abstract bool IsSpecial(int id);

    /// <summary>Encodes a text to ids alone: the fast way.</summary>
    /// <param name="text">Any text; halves of surrogate pairs count as U+FFFD.</param>
    /// <param name="addSpecialTokens">Whether the post-processor adds its tokens, such as the one that begins a text.</param>
    /// <param name="specialTokensAsText">Whether special tokens spelled in the text stay plain text.</param>
    public abstract int[] EncodeToIds(string text, bool addSpecialTokens = true, bool specialTokensAsText = false);

    /// <summary>Encodes a text or a pair with offsets, masks and all.</summary>
    /// <param name="input">A text, a pair, or words.</param>
    /// <param name="options">How; <see cref="EncodeOptions.Default"/> unless given.</param>
    /// <exception cref="PeftStudioException">PS1103: it cannot be cut to the length asked for.</exception>
    public TokenEncoding Encode(TokenizerInput input, EncodeOptions? options = null) => EncodeBatch([input], options)[0];

    /// <summary>Encodes several inputs, filled up to a common length if padding is asked for.</summary>
    /// <param name="inputs">Texts, pairs, or words.</param>
    /// <param name="options">How; <see cref="EncodeOptions.Default"/> unless given.</param>
    /// <exception cref="PeftStudioException">PS1103: one cannot be cut to the length asked for.</exception>
    public IReadOnlyList<TokenEncoding> EncodeBatch(IReadOnlyList<TokenizerInput> inputs, EncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= EncodeOptions.Default;
        var parts = new List<EncodingPart>(inputs.Count);
        foreach (var input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
            parts.Add(EncodePart(input, options));
        }

        if (options.Padding is { } padding)
        {
            var length = Padding.LengthFor(parts, padding);
            parts = parts.ConvertAll(part => Padding.Apply(part, length, padding));
        }

        return parts.ConvertAll(part => part.ToEncoding());
    }

    /// <summary>Decodes ids.</summary>
    /// <param name="ids">Ids inside the vocabulary.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <exception cref="PeftStudioException">PS1102: an id lies outside the vocabulary.</exception>
    public abstract string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true);

    /// <summary>A decoder for ids that come one by one.</summary>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    public virtual StreamingDecoder CreateStreamingDecoder(bool skipSpecialTokens = true) => new WindowStreamingDecoder(this, skipSpecialTokens);

    /// <summary>Encodes one input, truncated and post-processed, not padded.</summary>
    private protected abstract EncodingPart EncodePart(TokenizerInput input, EncodeOptions options);
}

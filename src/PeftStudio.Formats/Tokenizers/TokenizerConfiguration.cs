namespace PeftStudio.Formats.Tokenizers;

/// <summary>What <c>tokenizer_config.json</c> and <c>chat_template.jinja</c> add to the tokenizer itself.</summary>
public sealed record TokenizerConfiguration
{
    /// <summary>Content of the token that begins a text, such as <c>&lt;s&gt;</c>.</summary>
    public string? BosToken { get; init; }

    /// <summary>Content of the token that ends a text.</summary>
    public string? EosToken { get; init; }

    /// <summary>Content of the token that fills up short rows of a batch.</summary>
    public string? PadToken { get; init; }

    /// <summary>Content of the token that stands for unknown text.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>The chat template's text, or null if the checkpoint has none.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Longest input in tokens, or null where the file leaves it open.</summary>
    public int? ModelMaxLength { get; init; }
}

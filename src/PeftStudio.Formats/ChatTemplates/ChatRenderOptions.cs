namespace PeftStudio.Formats.ChatTemplates;

/// <summary>What a rendering is given besides the messages; the names are those of <c>apply_chat_template</c>.</summary>
public sealed record ChatRenderOptions
{
    /// <summary>Nothing but the messages.</summary>
    public static ChatRenderOptions Default { get; } = new();

    /// <summary>Tools the model may call, or null. Templates see null as none.</summary>
    public IReadOnlyList<ChatTool>? Tools { get; init; }

    /// <summary>Documents for retrieval, each like the fields of a message, or null.</summary>
    public IReadOnlyList<object?>? Documents { get; init; }

    /// <summary>Whether the text ends with the opening of the assistant's turn. Not together with <see cref="ContinueFinalMessage"/>.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>Whether the text stops inside the last message, so that the model continues it.</summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>The field of the last message that is continued: <c>content</c> unless set.</summary>
    public string ContinueField { get; init; } = "content";

    /// <summary>
    /// Further variables, such as <c>enable_thinking</c>. They win over special tokens of the same name; values as in
    /// <see cref="ChatMessage"/>.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? Variables { get; init; }

    /// <summary>
    /// Tokens that shall be plain text where messages, tools, documents or variables contain them, so that nobody can forge a turn.
    /// <see cref="RenderedChat.PlainSpans"/> then says which parts to encode without them. Null, the default, trusts the input.
    /// </summary>
    public IReadOnlyCollection<ChatControlToken>? ControlTokens { get; init; }
}

/// <summary>An added token of a tokenizer.</summary>
/// <param name="Content">Its text.</param>
/// <param name="IsSpecial">Whether it is special; others count only if the template's own text contains them.</param>
public sealed record ChatControlToken(string Content, bool IsSpecial = true);

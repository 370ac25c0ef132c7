namespace PeftStudio.Formats.ChatTemplates;

/// <summary>What a chat template is given once, when it is parsed.</summary>
public sealed record ChatTemplateSettings
{
    /// <summary>No special tokens, the usual limits, the system's clock.</summary>
    public static ChatTemplateSettings Default { get; } = new();

    /// <summary>
    /// Special tokens by their names in the template, such as <c>bos_token</c>. A token the tokenizer does not have must not be listed:
    /// templates ask whether it is defined.
    /// </summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>Bounds of parsing and rendering.</summary>
    public ChatTemplateLimits Limits { get; init; } = ChatTemplateLimits.Default;

    /// <summary>The clock behind <c>strftime_now</c>; its local time is used.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

namespace PeftStudio;

/// <content>Chat templates, tool calls and chat rows: PS1120 to PS1139.</content>
public static partial class ErrorCodes
{
    /// <summary>A chat template's text is not valid Jinja.</summary>
    public const string InvalidChatTemplate = "PS1120";

    /// <summary>A chat template refused the conversation with a message of its own.</summary>
    public const string ChatTemplateRefused = "PS1121";

    /// <summary>A chat template used a value that is not there.</summary>
    public const string ChatTemplateUndefined = "PS1122";

    /// <summary>A chat template tried something that the sandbox forbids.</summary>
    public const string ChatTemplateForbidden = "PS1123";

    /// <summary>An operation of a chat template does not fit its values.</summary>
    public const string ChatTemplateFailed = "PS1124";

    /// <summary>A chat template exceeded a limit of the sandbox.</summary>
    public const string ChatTemplateLimitExceeded = "PS1125";

    /// <summary>A conversation cannot be rendered as asked: the messages, options or variables contradict each other or the template.</summary>
    public const string InvalidChatRequest = "PS1126";

    /// <summary>There is no chat template, or none of several was chosen.</summary>
    public const string NoChatTemplate = "PS1127";

    /// <summary>A tool call in a model's output cannot be read.</summary>
    public const string MalformedToolCall = "PS1128";

    /// <summary>A row of a chat dataset is of no known form.</summary>
    public const string UnknownChatRow = "PS1129";
}

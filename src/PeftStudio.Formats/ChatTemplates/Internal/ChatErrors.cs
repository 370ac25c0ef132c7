using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Internal;

/// <summary>The public form of each failure.</summary>
internal static class ChatErrors
{
    internal static ChatTemplateException FromTemplate(JinjaError error)
    {
        var line = error.Line > 0 ? error.Line : (int?)null;
        var place = line is null ? "a chat template" : $"a chat template, line {line}";
        return error.Kind switch
        {
            JinjaErrorKind.Syntax => new(
                ErrorCodes.InvalidChatTemplate, "The chat template is not valid Jinja", $"to parse {place}", error.Message, line,
                "Correct the template, or give another one. Syntax that transformers accepts is accepted here, except include, import and extends."),
            JinjaErrorKind.Raised => new(
                ErrorCodes.ChatTemplateRefused, "The chat template refused the conversation", $"to render {place}", error.Message, line,
                "Change the messages as the template's message says: it states which roles, orders or contents the model was trained on."),
            JinjaErrorKind.Undefined => new(
                ErrorCodes.ChatTemplateUndefined, "The chat template used a value that is not there", $"to render {place}", error.Message, line,
                "Give the message field, tool or variable that the message names, or correct the template."),
            JinjaErrorKind.Security => new(
                ErrorCodes.ChatTemplateForbidden, "The chat template tried something that the sandbox forbids", $"to render {place}", error.Message, line,
                "Use a template that only reads its values; if this one came with a model, do not trust the model's other files either."),
            JinjaErrorKind.Limit => new(
                ErrorCodes.ChatTemplateLimitExceeded, "The chat template exceeded a limit", $"to work on {place}", error.Message, line,
                "If the template is trusted, raise the limit named above in ChatTemplateSettings.Limits; otherwise use another template."),
            _ => new(
                ErrorCodes.ChatTemplateFailed, "An operation of the chat template does not fit its values", $"to render {place}", error.Message, line,
                "Give the messages in the form that the template expects (text or parts, arguments as object or text), or correct the template."),
        };
    }

    internal static PeftStudioException Request(string asked, string found, string remedy) =>
        new(ErrorCodes.InvalidChatRequest, "The conversation cannot be rendered as asked", asked, found, remedy);

    internal static PeftStudioException NoTemplate(string asked, string found, string remedy) =>
        new(ErrorCodes.NoChatTemplate, "There is no chat template to use", asked, found, remedy);
}

namespace PeftStudio.Formats.ChatTemplates;

/// <summary>A failure inside a chat template: in its text, or while it rendered.</summary>
public sealed class ChatTemplateException : PeftStudioException
{
    internal ChatTemplateException(string code, string summary, string asked, string templateMessage, int? line, string remedy)
        : base(code, summary, asked, templateMessage, remedy)
    {
        TemplateMessage = templateMessage;
        Line = line;
    }

    /// <summary>The message alone: for <see cref="ErrorCodes.ChatTemplateRefused"/> word for word what the template raised.</summary>
    public string TemplateMessage { get; }

    /// <summary>Line of the template, from 1, or null where it is not known.</summary>
    public int? Line { get; }
}

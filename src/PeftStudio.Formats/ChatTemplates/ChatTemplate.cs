using PeftStudio.Formats.ChatTemplates.Internal;
using PeftStudio.Formats.ChatTemplates.Jinja;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates;

/// <summary>
/// A chat template: Jinja that turns messages into the text a model was trained on, in the dialect and with the results of Hugging Face
/// transformers. Runs in a sandbox: it reaches only the values it is given and ends within <see cref="ChatTemplateLimits"/>. Parsed once;
/// thread-safe.
/// </summary>
public sealed class ChatTemplate
{
    private static readonly string[] OwnVariables = ["messages", "tools", "documents", "add_generation_prompt"];

    private readonly JinjaTemplate template;
    private readonly ChatTemplateSettings settings;

    private ChatTemplate(string source, JinjaTemplate template, ChatTemplateSettings settings)
    {
        Source = source;
        this.template = template;
        this.settings = settings;
    }

    /// <summary>The template's text.</summary>
    public string Source { get; }

    /// <summary>Whether the template marks what the assistant wrote, in <c>generation</c> blocks.</summary>
    public bool MarksAssistantText => template.HasGeneration;

    /// <summary>Parses a template.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="settings">Special tokens, limits and clock.</param>
    /// <exception cref="ChatTemplateException">
    /// PS1120: the text is not valid Jinja. PS1125: it is longer or deeper nested than the limits allow.
    /// </exception>
    public static ChatTemplate Parse(string source, ChatTemplateSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        settings ??= ChatTemplateSettings.Default;
        settings.Limits.Validate();
        try
        {
            return new ChatTemplate(source, JinjaTemplate.Parse(source, settings.Limits), settings);
        }
        catch (JinjaError error)
        {
            throw ChatErrors.FromTemplate(error);
        }
    }

    /// <summary>Renders a conversation. Encode the result without adding special tokens.</summary>
    /// <param name="messages">The conversation: at least one message.</param>
    /// <param name="options">Tools, documents, variables and how the text ends.</param>
    /// <exception cref="ChatTemplateException">
    /// PS1121: the template refused the conversation, in its own words. PS1122 to PS1125: the template failed, or exceeded a limit.
    /// </exception>
    /// <exception cref="PeftStudioException">PS1126: messages, options and template do not go together.</exception>
    public string Render(IReadOnlyList<ChatMessage> messages, ChatRenderOptions? options = null)
    {
        options ??= ChatRenderOptions.Default;
        if (options.ControlTokens is not null)
        {
            throw ChatErrors.Request(
                "to render with control tokens guarded", "a call that returns the text alone", "Call RenderWithMask: its result says which parts are plain text.");
        }

        return Run(messages, options).Text;
    }

    /// <summary>
    /// Renders a conversation and tells which parts the assistant wrote, for training on these alone, and which control tokens came from
    /// the input.
    /// </summary>
    /// <param name="messages">The conversation: at least one message.</param>
    /// <param name="options">As for <see cref="Render"/>; <see cref="ChatRenderOptions.ContinueFinalMessage"/> is refused.</param>
    /// <exception cref="ChatTemplateException">As for <see cref="Render"/>.</exception>
    /// <exception cref="PeftStudioException">PS1126: messages, options and template do not go together.</exception>
    public RenderedChat RenderWithMask(IReadOnlyList<ChatMessage> messages, ChatRenderOptions? options = null)
    {
        options ??= ChatRenderOptions.Default;
        if (options.ContinueFinalMessage)
        {
            throw ChatErrors.Request(
                "to continue the final message and to mark the assistant's text", "a mask needs whole messages", "Ask for one of the two.");
        }

        return Run(messages, options);
    }

    private RenderedChat Run(IReadOnlyList<ChatMessage> messages, ChatRenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        CheckOptions(messages, options);
        var meter = new Meter(settings.Limits);
        var guard = ControlTokenGuard.For(options.ControlTokens, Source);
        try
        {
            var context = template.Render(meter, Variables(messages, options, new TemplateValues(meter, guard), meter), settings.Clock);
            var spans = context.GenerationSpans;
            var (text, plain) = guard is null ? (context.Text, []) : guard.Show(context.Text, spans);
            if (options.ContinueFinalMessage) text = Conversation.CutAtEnd(text);
            return new RenderedChat(text, [.. spans.Select(span => Within(span, text.Length))], plain);
        }
        catch (JinjaError error)
        {
            throw ChatErrors.FromTemplate(error);
        }
    }

    /// <summary>A span cut to the text: what a generation block wrote may have been dropped by a block around it.</summary>
    private static ChatTextSpan Within(ChatTextSpan span, int length) => new(Math.Min(span.Start, length), Math.Min(span.End, length));

    private static void CheckOptions(IReadOnlyList<ChatMessage> messages, ChatRenderOptions options)
    {
        if (messages.Count == 0) throw ChatErrors.Request("to render a conversation", "no message", "Give at least one message.");
        if (options is { ContinueFinalMessage: true, AddGenerationPrompt: true })
        {
            throw ChatErrors.Request(
                "to continue the final message and to add a generation prompt", "both end the text, each in its own way",
                "Continue the final message if the model shall complete it; add a generation prompt if it shall answer it.");
        }

        if (options.Variables?.Keys.FirstOrDefault(static name => OwnVariables.Contains(name, StringComparer.Ordinal)) is { } own)
        {
            throw ChatErrors.Request($"to give the variable '{own}'", "a name that the rendering sets itself", "Use the option of that name.");
        }
    }

    private Dictionary<string, object?> Variables(
        IReadOnlyList<ChatMessage> messages, ChatRenderOptions options, TemplateValues values, Meter meter)
    {
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, token) in settings.SpecialTokens) variables[name] = token;
        foreach (var (name, value) in options.Variables ?? new Dictionary<string, object?>()) variables[name] = values.From(value);
        var conversation = Conversation.Prepare(messages, values, meter);
        if (options.ContinueFinalMessage) Conversation.MarkEnd(conversation, options.ContinueField, Source, meter);
        variables["messages"] = new Jinja.Values.PyList([.. conversation]);
        variables["tools"] = options.Tools is null ? null : values.FromItems(options.Tools);
        variables["documents"] = options.Documents is null ? null : values.FromItems(options.Documents);
        variables["add_generation_prompt"] = options.AddGenerationPrompt;
        return variables;
    }
}

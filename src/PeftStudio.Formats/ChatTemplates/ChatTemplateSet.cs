using PeftStudio.Formats.ChatTemplates.Internal;

namespace PeftStudio.Formats.ChatTemplates;

/// <summary>The chat templates of a checkpoint: usually one, sometimes several by name. Each is parsed when it is first chosen. Thread-safe.</summary>
public sealed class ChatTemplateSet
{
    /// <summary>The name of the template that is used where no other is asked for.</summary>
    public const string DefaultName = "default";

    /// <summary>The name of the template that is used when tools are given.</summary>
    public const string ToolUseName = "tool_use";

    private readonly OrderedDictionary<string, Lazy<ChatTemplate>> templates = new(StringComparer.Ordinal);
    private readonly ChatTemplateSettings settings;

    /// <summary>Creates a set.</summary>
    /// <param name="templates">Texts by name; none for a checkpoint without a template.</param>
    /// <param name="settings">Special tokens, limits and clock of all of them.</param>
    public ChatTemplateSet(IEnumerable<KeyValuePair<string, string>> templates, ChatTemplateSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(templates);
        this.settings = settings ?? ChatTemplateSettings.Default;
        foreach (var (name, source) in templates) this.templates[name] = new Lazy<ChatTemplate>(() => ChatTemplate.Parse(source, this.settings));
    }

    /// <summary>Names of the templates.</summary>
    public IReadOnlyList<string> Names => [.. templates.Keys];

    /// <summary>
    /// Reads the templates of a Hugging Face folder: <c>chat_template.jinja</c> and <c>additional_chat_templates/NAME.jinja</c> before
    /// <c>chat_template</c> in <c>tokenizer_config.json</c>.
    /// </summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="settings">Limits, clock and special tokens; tokens that it does not name come from the folder's files.</param>
    /// <exception cref="PeftStudioException">PS1101: a file is malformed.</exception>
    public static ChatTemplateSet Load(string folder, ChatTemplateSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        settings ??= ChatTemplateSettings.Default;
        var (templates, tokens) = TemplateFiles.Read(folder);
        foreach (var (name, token) in settings.SpecialTokens) tokens[name] = token;
        return new ChatTemplateSet(templates, settings with { SpecialTokens = tokens });
    }

    /// <summary>Finds the templates among the metadata of a GGUF file: <c>tokenizer.chat_template</c>, further ones with <c>.NAME</c> behind.</summary>
    /// <param name="metadata">Keys and values of the file.</param>
    /// <param name="settings">Special tokens, limits and clock.</param>
    public static ChatTemplateSet FromGguf(IEnumerable<KeyValuePair<string, object?>> metadata, ChatTemplateSettings? settings = null)
    {
        const string Key = "tokenizer.chat_template";
        ArgumentNullException.ThrowIfNull(metadata);
        return new ChatTemplateSet(
            metadata.Where(static pair => pair.Value is string && (pair.Key == Key || pair.Key.StartsWith(Key + ".", StringComparison.Ordinal)))
                .Select(static pair => new KeyValuePair<string, string>(
                    pair.Key.Length > Key.Length ? pair.Key[(Key.Length + 1)..] : DefaultName, (string)pair.Value!)),
            settings);
    }

    /// <summary>Chooses a template as transformers does.</summary>
    /// <param name="nameOrSource">
    /// A name; a text that is no name is itself the template. Null: <see cref="ToolUseName"/> if tools are given and there is one, else
    /// <see cref="DefaultName"/>.
    /// </param>
    /// <param name="hasTools">Whether tools will be given.</param>
    /// <exception cref="PeftStudioException">PS1127: no template, or several of which none is the default.</exception>
    /// <exception cref="ChatTemplateException">PS1120, PS1125: the chosen one cannot be parsed.</exception>
    public ChatTemplate Choose(string? nameOrSource = null, bool hasTools = false)
    {
        if (nameOrSource is not null)
        {
            return templates.TryGetValue(nameOrSource, out var named) ? named.Value : ChatTemplate.Parse(nameOrSource, settings);
        }

        if (hasTools && templates.TryGetValue(ToolUseName, out var forTools)) return forTools.Value;
        if (templates.TryGetValue(DefaultName, out var usual)) return usual.Value;
        throw templates.Count == 0
            ? ChatErrors.NoTemplate(
                "the chat template of a checkpoint", "none in its files",
                "Give a template, such as ChatTemplateSet.ChatMl if the model was trained on that form; a base model needs none: prompt it with plain text.")
            : ChatErrors.NoTemplate(
                "the chat template of a checkpoint", $"several, none of them the default: {string.Join(", ", templates.Keys)}", "Name one of them.");
    }

    /// <summary>
    /// The ChatML form, for models that were trained on it and came without a template. Never chosen by itself: a form the model does
    /// not know gives poor answers without any error.
    /// </summary>
    public static string ChatMl =>
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' }}{% if message['role'] == 'assistant' %}" +
        "{% generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}{{ '\\n' }}" +
        "{% else %}{{ message['content'] + '<|im_end|>\\n' }}{% endif %}{% endfor %}" +
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
}

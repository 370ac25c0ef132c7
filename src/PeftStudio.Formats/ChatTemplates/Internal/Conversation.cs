using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Internal;

/// <summary>Prepares messages as transformers does before every rendering.</summary>
internal static class Conversation
{
    /// <summary>What marks the end of a message that the model shall continue. The blank shows whether the template trims its texts.</summary>
    private const string Tag = "CONTINUE_FINAL_MESSAGE_TAG ";

    private static readonly string[] ReasoningFields = ["reasoning_content", "thinking", "reasoning"];

    /// <summary>
    /// The messages as a template sees them: fields without a value are left out, and reasoning is found under both of its usual names.
    /// </summary>
    internal static List<PyDict> Prepare(IReadOnlyList<ChatMessage> messages, TemplateValues values, Meter meter)
    {
        var prepared = new List<PyDict>(messages.Count);
        foreach (var message in messages)
        {
            if (message is null) throw ChatErrors.Request("to render a conversation", "a message that is null", "Give only messages.");
            var all = values.FromPairs(message.Fields);
            var kept = new PyDict(meter.Keys, all.Count);
            foreach (var (name, value) in all.Pairs)
            {
                if (value is not null) kept[name] = value;
            }

            if (Array.Find(ReasoningFields, kept.Contains) is { } field && kept.TryGet(field, out var reasoning))
            {
                kept["reasoning_content"] = reasoning;
                if (!kept.Contains("thinking")) kept["thinking"] = reasoning;
            }

            prepared.Add(kept);
        }

        return prepared;
    }

    /// <summary>
    /// Puts the tag behind the text that shall be continued. Reasoning is tagged under all its names, as nobody knows which the template reads.
    /// </summary>
    internal static void MarkEnd(List<PyDict> messages, string field, string templateSource, Meter meter)
    {
        var names = ReasoningFields.Contains(field) ? ReasoningFields : [field];
        if (!Array.Exists(names, name => templateSource.Contains(name, StringComparison.Ordinal)))
        {
            throw ChatErrors.Request(
                $"to continue the field '{field}' of the final message", "a template that never mentions it", "Continue a field that the template writes.");
        }

        var last = messages[^1];
        if (!last.TryGet(field, out var value))
        {
            throw ChatErrors.Request(
                $"to continue the field '{field}' of the final message", "a message without it", "Give the field, or ask for a generation prompt instead.");
        }

        object tagged = value switch
        {
            string text => text + Tag,
            PyList parts => WithTag(parts, meter) ?? throw NoText(field),
            _ => throw NoText(field),
        };
        var copy = new PyDict(meter.Keys, last.Count);
        foreach (var (name, old) in last.Pairs)
        {
            var isContinued = name is string written && names.Contains(written) && Comparing.Same(old, value, meter);
            copy[name] = isContinued ? tagged : old;
        }

        messages[^1] = copy;
    }

    /// <summary>Cuts a rendered text where the tag stands.</summary>
    internal static string CutAtEnd(string text)
    {
        var place = text.LastIndexOf(Tag.TrimEnd(), StringComparison.Ordinal);
        if (place < 0)
        {
            throw ChatErrors.Request(
                "to continue the final message", "a template that leaves its text out",
                "The template deletes or changes the end of the final message, as many do with reasoning; ask for a generation prompt instead.");
        }

        var kept = text[..place];
        return string.CompareOrdinal(text, place, Tag, 0, Tag.Length) == 0 ? kept : Jinja.Text.Trimming.StripEnd(kept);
    }

    private static PyList? WithTag(PyList parts, Meter meter)
    {
        var index = Array.FindLastIndex(parts.Items, static part => part is PyDict dict && dict.TryGet("text", out var text) && text is string);
        if (index < 0) return null;
        var part = (PyDict)parts.Items[index]!;
        var copy = new PyDict(meter.Keys, part.Count);
        foreach (var (name, value) in part.Pairs) copy[name] = Equals(name, "text") ? value + Tag : value;
        object?[] items = [.. parts.Items];
        items[index] = copy;
        return new PyList(items);
    }

    private static PeftStudioException NoText(string field) => ChatErrors.Request(
        $"to continue the field '{field}' of the final message", "no text in it", "Give the field as a text, or as parts of which one is a text.");
}

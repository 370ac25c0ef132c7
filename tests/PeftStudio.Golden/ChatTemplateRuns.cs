using System.Text.Json;
using PeftStudio.Formats.ChatTemplates;

namespace PeftStudio.Golden;

/// <summary>Cases of forms <c>template</c> and <c>calls</c>: conversations through a template.</summary>
internal sealed class ChatTemplateRuns
{
    private static readonly string[] TokenizerOptions = ["padding", "padding_side", "truncation", "max_length", "sanitize_control_tokens"];

    private readonly string? template;
    private readonly JsonElement conversations;
    private readonly ChatTemplateSettings settings;
    private readonly TokenBytes? tokenizer;

    private ChatTemplateRuns(GoldenCase golden)
    {
        template = golden.Text("template") is { } file ? File.ReadAllText(golden.At(file)) : null;
        conversations = JsonDocument.Parse(File.ReadAllBytes(golden.At(golden.Text("conversations")!))).RootElement;
        tokenizer = golden.Text("tokenizer") is { } tokens ? new TokenBytes(golden.At(tokens)) : null;
        var special = golden.Json.GetProperty("special_tokens").EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!);
        settings = new ChatTemplateSettings { Clock = FixedClock.Of(golden), SpecialTokens = special };
    }

    internal static List<string> Check(GoldenCase golden)
    {
        var runs = new ChatTemplateRuns(golden);
        var problems = new List<string>();
        foreach (var run in golden.Json.GetProperty("runs").EnumerateArray())
        {
            var problem = run.TryGetProperty("batch", out var batch) ? runs.CheckBatch(run, batch)
                : run.TryGetProperty("input_ids_not_sanitized", out _) ? runs.CheckSanitized(run)
                : runs.CheckOne(run);
            if (problem is not null) problems.Add($"{run.GetProperty("name")}: {problem}");
        }

        return problems;
    }

    private string? CheckOne(JsonElement run)
    {
        var expected = Expectation.Of(run);
        RenderedChat? marked = null;
        var actual = Expectation.Of(() =>
        {
            var (chosen, messages, options) = Prepare(run, Conversation(run));
            var text = chosen.Render(messages, options);
            if (run.TryGetProperty("assistant_spans", out _)) marked = chosen.RenderWithMask(messages, options);
            return text;
        });
        if (!actual.Meets(expected)) return $"\nexpected {expected}\nactual   {actual}";
        if (marked is null) return null;
        var spans = run.GetProperty("assistant_spans").EnumerateArray().Select(span => (CodePoint(span, 0), CodePoint(span, 1))).ToList();
        var found = marked.AssistantSpans.Select(span => (PointOf(marked.Text, span.Start), PointOf(marked.Text, span.End))).ToList();
        if (!spans.SequenceEqual(found)) return $"spans {string.Join(' ', found)} instead of {string.Join(' ', spans)}";
        var ids = Integers(run.GetProperty("input_ids"));
        if (!marked.Text.StartsWith(tokenizer!.Text(ids), StringComparison.Ordinal)) return "ids do not spell the text";
        return CompareRanges(marked.AssistantMask(tokenizer.Offsets(ids)), run.GetProperty("assistant_token_ranges"));
    }

    private string? CheckBatch(JsonElement run, JsonElement batch)
    {
        var row = 0;
        foreach (var name in batch.EnumerateArray())
        {
            var (chosen, messages, options) = Prepare(run, conversations.GetProperty(name.GetString()!));
            var ids = Integers(run.GetProperty("input_ids")[row]);
            var attention = Integers(run.GetProperty("attention_mask")[row]);
            var marked = chosen.RenderWithMask(messages, options);
            if (tokenizer!.Text(ids.Where((_, i) => attention[i] == 1)) != marked.Text) return $"row {row}: ids do not spell the text";
            if (CompareRanges(marked.AssistantMask(tokenizer.Offsets(ids, attention)), run.GetProperty("assistant_token_ranges")[row]) is { } problem)
            {
                return $"row {row}: {problem}";
            }

            row++;
        }

        return null;
    }

    /// <summary>Added tokens may stand only outside of plain spans, and every added token that the text spells there must be one.</summary>
    private string? CheckSanitized(JsonElement run)
    {
        var (chosen, messages, options) = Prepare(run, Conversation(run));
        var guarded = chosen.RenderWithMask(messages, options with { ControlTokens = tokenizer!.ControlTokens });
        var ids = Integers(run.GetProperty("input_ids"));
        if (tokenizer.Text(ids) != guarded.Text) return $"ids spell\n{tokenizer.Text(ids)}\nnot\n{guarded.Text}";
        var offsets = tokenizer.Offsets(ids);
        var single = ids.Select((id, i) => (id, offsets[i])).Where(pair => tokenizer.IsAdded(pair.id)).Select(pair => (pair.Item2.Start, pair.Item2.End)).ToHashSet();
        var spelled = new HashSet<(int, int)>();
        foreach (var token in tokenizer.ControlTokens)
        {
            for (var at = guarded.Text.IndexOf(token.Content, StringComparison.Ordinal); at >= 0;
                at = guarded.Text.IndexOf(token.Content, at + 1, StringComparison.Ordinal))
            {
                var (start, end) = (at, at + token.Content.Length);
                if (!guarded.PlainSpans.Any(span => span.Start < end && span.End > start)) spelled.Add((start, end));
            }
        }

        return spelled.SetEquals(single) ? null : $"control tokens at {string.Join(' ', spelled)} instead of {string.Join(' ', single)}";
    }

    private JsonElement Conversation(JsonElement run) =>
        run.TryGetProperty("conversation", out var name) ? conversations.GetProperty(name.GetString()!) : run;

    private (ChatTemplate Chosen, ChatMessage[] Messages, ChatRenderOptions Options) Prepare(JsonElement run, JsonElement conversation)
    {
        var options = new ChatRenderOptions { Tools = Tools(conversation), Documents = Documents(conversation) };
        var variables = new Dictionary<string, object?>();
        string? choice = null;
        foreach (var field in Fields(run, "options").Concat(Fields(run, "variables")).Where(field => !TokenizerOptions.Contains(field.Name)))
        {
            var value = field.Value;
            switch (field.Name)
            {
                case "add_generation_prompt": options = options with { AddGenerationPrompt = value.GetBoolean() }; break;
                case "continue_final_message" when value.ValueKind == JsonValueKind.String:
                    options = options with { ContinueFinalMessage = true, ContinueField = value.GetString()! };
                    break;
                case "continue_final_message": options = options with { ContinueFinalMessage = value.GetBoolean() }; break;
                case "tools" or "documents":
                    options = options with { Tools = Tools(run.GetProperty("options")), Documents = Documents(run.GetProperty("options")) };
                    break;
                case "chat_template": choice = value.GetString(); break;
                default: variables[field.Name] = value; break;
            }
        }

        var set = new ChatTemplateSet(Sources(run), settings);
        return (set.Choose(choice, options.Tools is not null),
            [.. conversation.GetProperty("messages").EnumerateArray().Select(ChatMessage.FromJson)],
            options with { Variables = variables });
    }

    private List<KeyValuePair<string, string>> Sources(JsonElement run)
    {
        if (run.TryGetProperty("templates", out var several)) return [.. several.EnumerateObject().Select(pair => new KeyValuePair<string, string>(pair.Name, pair.Value.GetString()!))];
        var source = run.TryGetProperty("template", out var own) ? own.GetString() : template;
        return source is null ? [] : [new("default", source)];
    }

    private static IEnumerable<JsonProperty> Fields(JsonElement run, string group) =>
        run.TryGetProperty(group, out var fields) ? fields.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    private static ChatTool[]? Tools(JsonElement json) =>
        json.TryGetProperty("tools", out var tools) ? [.. tools.EnumerateArray().Select(tool => new ChatTool(tool))] : null;

    private static object?[]? Documents(JsonElement json) =>
        json.TryGetProperty("documents", out var documents) ? [.. documents.EnumerateArray().Cast<object?>()] : null;

    private static int[] Integers(JsonElement json) => [.. json.EnumerateArray().Select(value => value.GetInt32())];

    private static int CodePoint(JsonElement span, int index) => span[index].GetInt32();

    private static int PointOf(string text, int unit) => text[..unit].EnumerateRunes().Count();

    private static string? CompareRanges(bool[] mask, JsonElement ranges)
    {
        var expected = new bool[mask.Length];
        foreach (var range in ranges.EnumerateArray()) Array.Fill(expected, true, CodePoint(range, 0), CodePoint(range, 1) - CodePoint(range, 0));
        return expected.SequenceEqual(mask) ? null : $"mask\n{Digits(mask)}\ninstead of\n{Digits(expected)}";
    }

    private static string Digits(bool[] mask) => string.Concat(mask.Select(flag => flag ? '1' : '0'));
}

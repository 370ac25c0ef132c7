using System.Collections;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Internal;

/// <summary>
/// Turns the caller's values into those a template works on. Only the kinds named in <see cref="ChatMessage"/> pass; no member of any
/// other object is ever looked at.
/// </summary>
internal sealed class TemplateValues(Meter meter, ControlTokenGuard? guard)
{
    internal object? From(object? value)
    {
        meter.Step();
        switch (value)
        {
            case null or bool or long or double or BigInteger: return value;
            case string text: return Text(text);
            case int or short or sbyte or byte or ushort or uint: return Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
            case ulong number: return Numbers.Narrow(number);
            case float real: return (double)real;
            case decimal real: return (double)real;
            case JsonElement json: return FromJson(json);
            case JsonNode node: return FromNode(node);
            case ChatTool tool: return FromJson(tool.Schema);
            case ChatToolCall call: return FromPairs(call.ToFields());
            case ChatMessage message: return FromPairs(message.Fields);
            case IEnumerable<KeyValuePair<string, object?>> pairs: return FromPairs(pairs);
            case IEnumerable items: return FromItems(items);
            default: throw Unsupported(value);
        }
    }

    /// <summary>A dictionary of these pairs.</summary>
    internal PyDict FromPairs(IEnumerable<KeyValuePair<string, object?>> pairs)
    {
        meter.Enter();
        var dict = new PyDict(meter.Keys);
        foreach (var (name, value) in pairs) dict[Text(name)] = From(value);
        meter.Leave();
        return dict;
    }

    internal PyList FromItems(IEnumerable items)
    {
        meter.Enter();
        var list = new List<object?>();
        foreach (var item in items) list.Add(From(item));
        meter.Leave();
        return new PyList([.. list]);
    }

    private object? FromJson(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Null or JsonValueKind.Undefined: return null;
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.String: return Text(TextOf(json));
            case JsonValueKind.Number: return NumberOf(json);
            case JsonValueKind.Array: return FromItems(json.EnumerateArray());
            default:
                meter.Enter();
                var dict = new PyDict(meter.Keys);
                foreach (var property in json.EnumerateObject()) dict[Text(property.Name)] = From(property.Value);
                meter.Leave();
                return dict;
        }
    }

    private object? FromNode(JsonNode node) => node switch
    {
        JsonObject fields => FromPairs(fields.Select(static pair => new KeyValuePair<string, object?>(pair.Key, pair.Value))),
        JsonArray items => FromItems(items),
        JsonValue value => value.TryGetValue(out JsonElement json) ? FromJson(json) : FromScalar(value),
        _ => throw Unsupported(node),
    };

    private object? FromScalar(JsonValue value)
    {
        if (value.TryGetValue(out string? text)) return Text(text);
        if (value.TryGetValue(out bool flag)) return flag;
        if (value.TryGetValue(out long number)) return number;
        if (value.TryGetValue(out int small)) return (long)small;
        if (value.TryGetValue(out double real)) return real;
        if (value.TryGetValue(out float single)) return (double)single;
        if (value.TryGetValue(out decimal exact)) return (double)exact;
        throw Unsupported(value);
    }

    private static object NumberOf(JsonElement json)
    {
        if (json.TryGetInt64(out var number)) return number;
        var written = json.GetRawText();
        if (written.AsSpan().IndexOfAny('.', 'e', 'E') >= 0) return json.GetDouble();
        var digits = Integers.Parse(written.TrimStart('-'), 10);
        return written[0] == '-' ? Numbers.Narrow(-Numbers.ToBig(digits)) : digits;
    }

    private static string TextOf(JsonElement json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ChatErrors.Request("to render a conversation", "a JSON string with half a surrogate pair", "Repair the text: it is not valid Unicode.");
        }
    }

    private string Text(string text)
    {
        meter.Read(text.Length);
        return guard is null ? text : guard.Hide(text);
    }

    private static PeftStudioException Unsupported(object value) => ChatErrors.Request(
        "to give a value to a chat template", $"an object of type {value.GetType().Name}",
        "Give null, a bool, a number, a string, JSON, a list, or pairs of a string and such a value.");
}

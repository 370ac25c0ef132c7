using System.Text.Json;
using System.Text.Unicode;

namespace PeftStudio.Training.Data.Internal;

/// <summary>Reads the fields of a row from a JSON object.</summary>
internal static class JsonFields
{
    /// <summary>Blanks of JSON.</summary>
    internal static ReadOnlySpan<byte> WhiteSpace => " \t\r\n"u8;

    /// <summary>Makes a row of one JSON value, or notes why there is none.</summary>
    internal static DatasetRow? Parse(long line, ReadOnlyMemory<byte> json, RowErrors errors)
    {
        if (!Utf8.IsValid(json.Span))
        {
            errors.Add(line, "UTF-8 text", $"a byte that is none: {Excerpt.Of(json.Span)}");
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return Build(line, document.RootElement, errors);
        }
        catch (JsonException e)
        {
            errors.Add(line, "one JSON object", FormattableString.Invariant($"a fault at byte {e.BytePositionInLine + 1}: {Excerpt.Of(json.Span)}"));
            return null;
        }
        catch (InvalidOperationException)
        {
            // JSON can escape half of a surrogate pair, which is no character and has no UTF-8 form; it shows when a text or a name is read.
            errors.Add(line, "whole characters", $"half a surrogate pair: {Excerpt.Of(json.Span)}");
            return null;
        }
    }

    private static DatasetRow? Build(long line, JsonElement row, RowErrors errors)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            errors.Add(line, "a JSON object", $"{Describe(row)}: {Excerpt.Of(row.GetRawText())}");
            return null;
        }

        return RowFields.Build(line, name => Read(row, name), () => [.. row.EnumerateObject().Select(p => p.Name)], errors);
    }

    private static RowField? Read(JsonElement row, string name)
    {
        if (!row.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind switch
        {
            JsonValueKind.String => RowField.OfText(value.GetString()!),
            JsonValueKind.Array when Numbers(value) is { } numbers => RowField.OfNumbers(numbers),
            JsonValueKind.Array => RowField.Other($"a list: {Excerpt.Of(value.GetRawText())}", isList: true),
            _ => RowField.Other($"{Describe(value)}: {Excerpt.Of(value.GetRawText())}"),
        };
    }

    private static int[]? Numbers(JsonElement list)
    {
        var numbers = new int[list.GetArrayLength()];
        var i = 0;
        foreach (var item in list.EnumerateArray())
        {
            switch (item.ValueKind)
            {
                case JsonValueKind.Number when item.TryGetInt32(out var number): numbers[i++] = number; break;
                case JsonValueKind.True: numbers[i++] = 1; break;
                case JsonValueKind.False: numbers[i++] = 0; break;
                default: return null;
            }
        }

        return numbers;
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}

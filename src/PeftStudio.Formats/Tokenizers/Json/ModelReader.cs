using System.Text.Json;
using PeftStudio.Formats.Tokenizers.Models;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>Reads <c>model</c> straight from the bytes: its vocabulary and merges are most of the file.</summary>
internal static class ModelReader
{
    internal static TokenModel Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw TokenizerErrors.Invalid("a model as a JSON object", $"a JSON {reader.TokenType}");
        var draft = new ModelDraft();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "vocab" when reader.TokenType == JsonTokenType.StartObject:
                    draft.Ids = ReadIds(ref reader);
                    break;
                case "merges" when reader.TokenType == JsonTokenType.StartArray:
                    draft.Merges = ReadMerges(ref reader);
                    break;
                default:
                    draft.Others[name] = JsonElement.ParseValue(ref reader);
                    break;
            }
        }

        return draft.Build();
    }

    /// <summary>Reads a <c>vocab.json</c>: one object of tokens and ids.</summary>
    internal static Dictionary<string, int> ReadVocabularyFile(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? ReadIds(ref reader) : throw TokenizerErrors.Invalid("a vocab.json", "no JSON object");
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            throw TokenizerErrors.Invalid("a vocab.json", cause.Message, cause);
        }
    }

    private static Dictionary<string, int> ReadIds(ref Utf8JsonReader reader)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var token = reader.GetString()!;
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id))
            {
                throw TokenizerErrors.Invalid("an integer id for each token", $"another value at token '{token}'");
            }

            ids[token] = id;
        }

        return ids;
    }

    private static List<(string Left, string Right)> ReadMerges(ref Utf8JsonReader reader)
    {
        var merges = new List<(string, string)>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            merges.Add(reader.TokenType switch
            {
                JsonTokenType.String => SplitMerge(reader.GetString()!, merges.Count),
                JsonTokenType.StartArray => ReadPair(ref reader, merges.Count),
                _ => throw BadMerge(merges.Count),
            });
        }

        return merges;
    }

    /// <summary>Reads a merge written as one text; neither part may have a space.</summary>
    internal static (string Left, string Right) SplitMerge(string merge, int index)
    {
        var space = merge.IndexOf(' ', StringComparison.Ordinal);
        return space >= 0 && merge.IndexOf(' ', space + 1) < 0 ? (merge[..space], merge[(space + 1)..]) : throw BadMerge(index);
    }

    private static (string Left, string Right) ReadPair(ref Utf8JsonReader reader, int index)
    {
        var left = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw BadMerge(index);
        var right = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw BadMerge(index);
        return reader.Read() && reader.TokenType == JsonTokenType.EndArray ? (left, right) : throw BadMerge(index);
    }

    private static PeftStudioException BadMerge(int index) =>
        TokenizerErrors.Invalid("merges written as \"a b\" or [\"a\", \"b\"]", $"another value at merge {index}");
}

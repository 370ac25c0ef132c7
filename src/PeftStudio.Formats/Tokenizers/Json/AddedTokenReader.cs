using System.Text.Json;
using PeftStudio.Formats.Tokenizers.AddedTokens;
using PeftStudio.Formats.Tokenizers.Models;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>Reads <c>added_tokens</c>. The id in the file counts, whatever the model calls the same text.</summary>
internal static class AddedTokenReader
{
    private const string Owner = "added token";

    internal static IReadOnlyList<AddedToken> Read(JsonElement list)
    {
        if (list.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return [];
        if (list.ValueKind != JsonValueKind.Array) throw TokenizerErrors.Invalid("a list of added tokens", $"a JSON {list.ValueKind}");
        return [.. list.EnumerateArray().Select(token => ReadOne(token, null))];
    }

    /// <summary>Reads one token.</summary>
    /// <param name="token">The token's object.</param>
    /// <param name="key">Its id, where that is not inside.</param>
    internal static AddedToken ReadOne(JsonElement token, int? key)
    {
        if (token.ValueKind != JsonValueKind.Object) throw TokenizerErrors.Invalid("an added token as a JSON object", $"a JSON {token.ValueKind}");
        var id = key ?? JsonFields.RequiredInteger(token, "id", Owner);
        if (id is < 0 or >= Vocabulary.MaxId) throw TokenizerErrors.Invalid($"an added token's id from 0 to {Vocabulary.MaxId - 1}", $"{id}");
        var special = JsonFields.Flag(token, "special", false, Owner);
        return new AddedToken(
            id,
            JsonFields.RequiredText(token, "content", Owner),
            JsonFields.Flag(token, "single_word", false, Owner),
            JsonFields.Flag(token, "lstrip", false, Owner),
            JsonFields.Flag(token, "rstrip", false, Owner),
            JsonFields.Flag(token, "normalized", !special, Owner),
            special);
    }
}

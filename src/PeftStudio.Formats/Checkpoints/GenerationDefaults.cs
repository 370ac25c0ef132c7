using System.Text.Json;

namespace PeftStudio.Formats.Checkpoints;

/// <summary>The ids of <c>generation_config.json</c> that begin, end and pad a text.</summary>
internal sealed record GenerationDefaults(int? BosTokenId, IReadOnlyList<int> EosTokenIds, int? PadTokenId)
{
    /// <summary>Reads the file; null when it is not the JSON object it should be, for it holds defaults only.</summary>
    internal static GenerationDefaults? Load(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return null;
            return new(Ids(root, "bos_token_id").Cast<int?>().FirstOrDefault(), Ids(root, "eos_token_id"), Ids(root, "pad_token_id").Cast<int?>().FirstOrDefault());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static int[] Ids(JsonElement root, string key)
    {
        if (!root.TryGetProperty(key, out var value)) return [];
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt32(out var id) && id >= 0 => [id],
            JsonValueKind.Array => value.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out _)).Select(e => e.GetInt32()).Where(i => i >= 0).ToArray(),
            _ => [],
        };
    }
}

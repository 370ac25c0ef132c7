using System.Text.Json;
using PeftStudio.Formats.Tokenizers.Patterns;
using PeftStudio.Formats.Tokenizers.PreTokenizers.Splitters;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>Reads <c>pattern</c>: {"String": …} or {"Regex": …}.</summary>
internal static class PatternReader
{
    internal static TextPattern Read(JsonElement component, string owner)
    {
        var pattern = JsonFields.Required(component, "pattern", JsonValueKind.Object, owner);
        if (pattern.TryGetProperty("Regex", out _)) return ReadRegex(JsonFields.RequiredText(pattern, "Regex", owner));
        return new LiteralPattern(JsonFields.RequiredText(pattern, "String", owner));
    }

    private static TextPattern ReadRegex(string pattern) =>
        KnownPatterns.Find(pattern) is { } splitter ? new SplitterPattern(splitter) : new RegexPattern(pattern);
}

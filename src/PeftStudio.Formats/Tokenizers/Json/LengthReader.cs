using System.Text.Json;

namespace PeftStudio.Formats.Tokenizers.Json;

/// <summary>Reads <c>truncation</c> and <c>padding</c> of a tokenizer.json.</summary>
internal static class LengthReader
{
    internal static TruncationOptions? ReadTruncation(JsonElement component)
    {
        const string owner = "truncation";
        if (component.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        return new TruncationOptions
        {
            MaxLength = NotNegative(component, "max_length", owner),
            Stride = NotNegative(component, "stride", owner),
            Side = Side(component, owner),
            Strategy = (JsonFields.OptionalText(component, "strategy", owner) ?? nameof(TruncationStrategy.LongestFirst)) switch
            {
                nameof(TruncationStrategy.LongestFirst) => TruncationStrategy.LongestFirst,
                nameof(TruncationStrategy.OnlyFirst) => TruncationStrategy.OnlyFirst,
                nameof(TruncationStrategy.OnlySecond) => TruncationStrategy.OnlySecond,
                var other => throw TokenizerErrors.Invalid("a known truncation strategy", $"'{other}'"),
            },
        };
    }

    internal static PaddingOptions? ReadPadding(JsonElement component)
    {
        const string owner = "padding";
        if (component.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        var strategy = component.TryGetProperty("strategy", out var value) ? value : default;
        return new PaddingOptions
        {
            Length = strategy.ValueKind == JsonValueKind.Object ? NotNegative(strategy, "Fixed", owner) : null,
            Side = Side(component, owner),
            MultipleOf = component.TryGetProperty("pad_to_multiple_of", out var multiple) && multiple.ValueKind == JsonValueKind.Number
                ? NotNegative(component, "pad_to_multiple_of", owner)
                : null,
            Id = NotNegative(component, "pad_id", owner),
            TypeId = component.TryGetProperty("pad_type_id", out _) ? NotNegative(component, "pad_type_id", owner) : 0,
            Token = JsonFields.RequiredText(component, "pad_token", owner),
        };
    }

    private static TextSide Side(JsonElement component, string owner) => (JsonFields.OptionalText(component, "direction", owner) ?? "Right") switch
    {
        "Right" => TextSide.Right,
        "Left" => TextSide.Left,
        var other => throw TokenizerErrors.Invalid($"direction Right or Left of {owner}", $"'{other}'"),
    };

    private static int NotNegative(JsonElement component, string member, string owner) =>
        JsonFields.RequiredInteger(component, member, owner) is var number and >= 0
            ? number
            : throw TokenizerErrors.Invalid($"0 or more in '{member}' of {owner}", $"{JsonFields.RequiredInteger(component, member, owner)}");
}

namespace PeftStudio.Formats.Blueprints;

/// <summary>Causal attention with grouped heads: query head h reads key/value head ⌊h·K/H⌋.</summary>
public sealed record AttentionBlueprint
{
    /// <summary>H, number of query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>K, number of key/value heads; divides H.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>D, extent of a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Query projection, E → H·D.</summary>
    public required LinearBlueprint Query { get; init; }

    /// <summary>Key projection, E → K·D.</summary>
    public required LinearBlueprint Key { get; init; }

    /// <summary>Value projection, E → K·D.</summary>
    public required LinearBlueprint Value { get; init; }

    /// <summary>Output projection, H·D → E.</summary>
    public required LinearBlueprint Output { get; init; }

    /// <summary>Rotary positions, or null for none.</summary>
    public RopeBlueprint? Rope { get; init; }

    /// <summary>Constant that q·k is multiplied with; D^-½ in most families.</summary>
    public required float Scale { get; init; }

    /// <summary>Every linear in order of use.</summary>
    public IEnumerable<LinearBlueprint> Linears => [Query, Key, Value, Output];
}

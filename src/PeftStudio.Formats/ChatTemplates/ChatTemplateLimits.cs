namespace PeftStudio.Formats.ChatTemplates;

/// <summary>
/// Bounds of a chat template, which arrives with a model and is not trusted. The defaults are far above what published templates need.
/// </summary>
public sealed record ChatTemplateLimits
{
    /// <summary>The limits that hold unless others are given.</summary>
    public static ChatTemplateLimits Default { get; } = new();

    /// <summary>Longest template text, in UTF-16 units: 1 or more, 1,000,000 unless set.</summary>
    public int MaxSourceCharacters { get; init; } = 1_000_000;

    /// <summary>
    /// Work of one rendering: loop rounds, calls, items and, by 32 characters each, text that is read or made.
    /// 1 or more, 5,000,000 unless set (about a second at worst).
    /// </summary>
    public long MaxSteps { get; init; } = 5_000_000;

    /// <summary>Deepest nesting of expressions, blocks, macro calls and values: 1 or more, 200 unless set.</summary>
    public int MaxDepth { get; init; } = 200;

    /// <summary>Longest output, and longest text or list that a template makes on its way: 1 or more, 16,777,216 unless set.</summary>
    public int MaxCharacters { get; init; } = 1 << 24;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSourceCharacters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDepth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCharacters, 1);
    }
}

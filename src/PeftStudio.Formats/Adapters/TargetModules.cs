namespace PeftStudio.Formats.Adapters;

/// <summary>Which modules an adapter changes: a list of names, a regular expression, or every linear.</summary>
public sealed record TargetModules
{
    private TargetModules(IReadOnlyList<string>? names, string? pattern)
    {
        Names = names;
        Pattern = pattern;
    }

    /// <summary>Names or name endings, or null when a pattern is given.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>A regular expression that a whole module path must match, or null when names are given.</summary>
    public string? Pattern { get; }

    /// <summary>Every linear except the head (PEFT's <c>all-linear</c>).</summary>
    public static TargetModules AllLinear { get; } = new(null, "all-linear");

    /// <summary>Whether this is <see cref="AllLinear"/>, in any case.</summary>
    public bool IsAllLinear => string.Equals(Pattern, "all-linear", StringComparison.OrdinalIgnoreCase);

    /// <summary>Modules whose path equals a name, or ends with a dot and the name.</summary>
    public static TargetModules Named(params IEnumerable<string> names) => new([.. names], null);

    /// <summary>Modules whose whole path matches a regular expression.</summary>
    public static TargetModules Matching(string pattern) => new(null, pattern);

    /// <summary>As it would be written in code, for messages.</summary>
    public override string ToString() => Pattern ?? string.Join(", ", Names!);
}

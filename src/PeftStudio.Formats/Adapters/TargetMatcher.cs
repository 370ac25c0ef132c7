namespace PeftStudio.Formats.Adapters;

/// <summary>PEFT's rules of which module paths an adapter configuration means (BaseTuner, release 0.21).</summary>
internal static class TargetMatcher
{
    private const string FirstNumberedSegment = @".*?\.[^.]*\.(\d+)\.";

    /// <summary>Whether a module path is a target.</summary>
    internal static bool IsTarget(LoraConfiguration config, string path)
    {
        if (config.ExcludeModules is { } exclude && Excludes(exclude, path)) return false;
        if (config.TargetModules is not { } target) return false;
        if (target.Pattern is { } pattern) return PythonRegex.FullMatch(pattern, path);
        if (target.Names!.Contains(path, StringComparer.Ordinal)) return true; // an exact entry skips the layer filter
        return target.Names!.Any(n => EndsWithName(path, n)) && PassesLayerFilter(config, path);
    }

    /// <summary>The value of the first pattern, in file order, that matches the path's end.</summary>
    internal static T FirstMatch<T>(IReadOnlyList<KeyValuePair<string, T>> patterns, string path, T otherwise)
    {
        foreach (var (pattern, value) in patterns)
        {
            if (PythonRegex.MatchesStart($@"(.*\.)?({pattern})$", path)) return value;
        }

        return otherwise;
    }

    private static bool Excludes(TargetModules exclude, string path) =>
        exclude.Pattern is { } pattern
            ? PythonRegex.FullMatch(pattern, path)
            : exclude.Names!.Any(n => path == n || EndsWithName(path, n));

    private static bool EndsWithName(string path, string name) =>
        path.EndsWith(name, StringComparison.Ordinal) && path.Length > name.Length && path[^(name.Length + 1)] == '.';

    private static bool PassesLayerFilter(LoraConfiguration config, string path)
    {
        if (config.LayersToTransform is not { Count: > 0 } layers) return true;
        var index = config.LayersPattern.Count == 0
            ? PythonRegex.FirstGroup(FirstNumberedSegment, path)
            : config.LayersPattern.Select(p => PythonRegex.FirstGroup($@".*?\.{p}\.(\d+)\.", path)).FirstOrDefault(i => i is not null);
        return index is not null && int.TryParse(index, out var layer) && layers.Contains(layer);
    }
}

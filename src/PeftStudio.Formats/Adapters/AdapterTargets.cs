using PeftStudio.Formats.Blueprints;

namespace PeftStudio.Formats.Adapters;

/// <summary>The linears of a model that an adapter configuration means, and the configuration with its targets spelled out.</summary>
/// <param name="Configuration">As given, but with <c>target_modules</c> resolved as PEFT would save it.</param>
/// <param name="Linears">The linears in model order.</param>
public sealed record AdapterTargets(LoraConfiguration Configuration, IReadOnlyList<LinearBlueprint> Linears)
{
    // PEFT condenses longer lists of all-linear to the shortest endings that tell them apart.
    private const int CondenseFrom = 20;

    private static readonly Dictionary<string, string[]> Defaults = new(StringComparer.Ordinal)
    {
        ["llama"] = ["q_proj", "v_proj"],
    };

    /// <summary>Resolves the targets of a configuration in a model.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.TargetModulesMatchedNothing"/>, <see cref="ErrorCodes.InvalidAdapterConfiguration"/>
    /// or <see cref="ErrorCodes.UnsupportedAdapterMethod"/> (a target that is not a linear).</exception>
    public static AdapterTargets Resolve(ModelBlueprint blueprint, LoraConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(blueprint);
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.TargetModules?.Pattern is not null && configuration.TargetModules.IsAllLinear is false
            && (configuration.LayersToTransform.Count > 0 || configuration.LayersPattern.Count > 0))
        {
            throw new PeftStudioException(
                ErrorCodes.InvalidAdapterConfiguration, "layers cannot be chosen together with a pattern",
                "target_modules as a regular expression with layers_to_transform or layers_pattern", "PEFT refuses it: the pattern already says which layers",
                "put the layer numbers into the pattern, or give target_modules as a list");
        }

        if (configuration.LayersPattern.Count > 0 && configuration.LayersToTransform.Count == 0)
        {
            throw new PeftStudioException(
                ErrorCodes.InvalidAdapterConfiguration, "layers_pattern without layers_to_transform", string.Join(", ", configuration.LayersPattern),
                "no layer numbers", "set layers_to_transform, or leave layers_pattern out");
        }

        var resolved = configuration with { TargetModules = ResolveNames(blueprint, configuration.TargetModules) };
        var linears = blueprint.Linears.Where(l => TargetMatcher.IsTarget(resolved, l.Path)).ToArray();
        if (TargetMatcher.IsTarget(resolved, blueprint.Embedding.Path))
        {
            throw new PeftStudioException(
                ErrorCodes.UnsupportedAdapterMethod, "adapters on embeddings are not supported", blueprint.Embedding.Path,
                "only linear modules can be adapted", "leave the embedding out of target_modules");
        }

        if (linears.Length == 0) throw NoMatch(blueprint, configuration);
        return new(resolved, linears);
    }

    private static TargetModules ResolveNames(ModelBlueprint blueprint, TargetModules? target)
    {
        if (target is null)
        {
            return Defaults.TryGetValue(blueprint.ModelType, out var names)
                ? TargetModules.Named(names)
                : throw new PeftStudioException(
                    ErrorCodes.InvalidAdapterConfiguration, "this family has no default target modules", blueprint.ModelType,
                    $"the model has {ShortNames(blueprint)}", "name target modules, or target all linears");
        }

        if (!target.IsAllLinear) return target;
        var all = blueprint.Layers.SelectMany(l => l.Linears).Select(l => l.Path).ToArray();
        return TargetModules.Named(all.Length < CondenseFrom ? all : ShortestEndings(all, OtherModules(blueprint)));
    }

    private static IEnumerable<string> OtherModules(ModelBlueprint blueprint) =>
        blueprint.Layers.SelectMany(l => l.Norms.Select(n => n.Path).Append(l.Path))
            .Append(blueprint.Embedding.Path).Append(blueprint.Head.Path).Append(blueprint.BasePrefix.TrimEnd('.'));

    /// <summary>The shortest endings that match every path and none of the other modules, as PEFT finds them.</summary>
    private static List<string> ShortestEndings(IEnumerable<string> paths, IEnumerable<string> others)
    {
        var taken = others.SelectMany(Endings).ToHashSet(StringComparer.Ordinal);
        var found = new List<string>();
        foreach (var endings in paths.Select(Endings).OrderBy(e => e, Comparer<string[]>.Create(CompareInOrder)))
        {
            foreach (var ending in endings)
            {
                if (found.Contains(ending) || taken.Contains(ending)) continue;
                if (found.Any(f => endings[^1].EndsWith("." + f, StringComparison.Ordinal))) continue;
                found.Add(ending);
                break;
            }
        }

        return found;
    }

    private static string[] Endings(string path)
    {
        var parts = path.Split('.');
        return [.. Enumerable.Range(1, parts.Length).Select(n => string.Join('.', parts[^n..]))];
    }

    private static int CompareInOrder(string[]? x, string[]? y) =>
        x!.Zip(y!, string.CompareOrdinal).FirstOrDefault(c => c != 0, x!.Length - y!.Length);

    private static string ShortNames(ModelBlueprint blueprint) => string.Join(", ", blueprint.Linears.Select(l => l.ShortName).Distinct());

    private static PeftStudioException NoMatch(ModelBlueprint blueprint, LoraConfiguration configuration)
    {
        var known = blueprint.Linears.Select(l => l.ShortName).Distinct().ToArray();
        var near = configuration.TargetModules?.Names is { } names
            ? string.Join(", ", names.Select(n => $"\"{NearestNames.Best(n[(n.LastIndexOf('.') + 1)..], known)}\"").Distinct())
            : string.Join(", ", known.Take(2).Select(n => $"\"{n}\""));
        return new(
            ErrorCodes.TargetModulesMatchedNothing, "target modules matched nothing", configuration.TargetModules?.ToString() ?? "the family's default",
            $"{blueprint.Architecture} with {string.Join(", ", known)}"
                + (configuration.ExcludeModules is { } e ? $"; excluded: {e}" : string.Empty)
                + (configuration.LayersToTransform.Count > 0 ? $"; only layers {string.Join(", ", configuration.LayersToTransform)} of {blueprint.Layers.Count}" : string.Empty),
            $".TargetModules({near}) or .TargetAllLinear()");
    }
}

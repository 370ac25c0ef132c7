using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Checkpoints;

/// <summary>Finds each tensor of a blueprint in a file, whose names may lack the base prefix, and checks shapes.</summary>
internal sealed record CheckpointNames(Dictionary<string, string> ToFile, IReadOnlyList<string> Warnings)
{
    private const int MostNamed = 8;

    internal static CheckpointNames Resolve(string path, ModelBlueprint blueprint, ITensorSource source)
    {
        // A file saved from the bare body has no base prefix at all; one saved with a head always has it.
        var bare = !source.Tensors.Keys.Any(n => n.StartsWith(blueprint.BasePrefix, StringComparison.Ordinal));
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var missing = new List<TensorBlueprint>();
        foreach (var tensor in blueprint.Tensors)
        {
            var name = bare && tensor.Name.StartsWith(blueprint.BasePrefix, StringComparison.Ordinal) ? tensor.Name[blueprint.BasePrefix.Length..] : tensor.Name;
            if (!source.Tensors.TryGetValue(name, out var info))
            {
                missing.Add(tensor);
                continue;
            }

            if (!info.Shape.SequenceEqual(tensor.Shape))
            {
                throw new PeftStudioException(
                    ErrorCodes.TensorShapeMismatch, "tensor has another shape than the configuration says",
                    $"'{tensor.Name}' {TensorInfo.FormatShape(tensor.Shape)} of {path}", $"{info.ShapeText} in the file",
                    "use config.json and weights of the same model");
            }

            names[tensor.Name] = name;
        }

        if (missing.Count > 0)
        {
            throw new PeftStudioException(
                ErrorCodes.MissingTensors, "checkpoint lacks tensors",
                string.Join(", ", missing.Take(MostNamed).Select(t => $"'{t.Name}' {TensorInfo.FormatShape(t.Shape)}"))
                    + (missing.Count > MostNamed ? $" and {missing.Count - MostNamed} more" : string.Empty),
                $"{path} holds {source.Tensors.Count} tensors without these",
                "download the complete checkpoint, or check that config.json belongs to these weights");
        }

        var used = names.Values.ToHashSet(StringComparer.Ordinal);
        var extra = source.Tensors.Keys.Where(n => !used.Contains(n) && !IsIgnored(blueprint, n)).Order(StringComparer.Ordinal).ToArray();
        var warnings = extra.Length == 0
            ? Array.Empty<string>()
            : [$"{path}: {extra.Length} tensors are not part of this model and are left out: {string.Join(", ", extra.Take(MostNamed))}{(extra.Length > MostNamed ? ", …" : string.Empty)}"];
        return new(names, warnings);
    }

    // Buffers that older releases saved, and the alias of a tied head.
    private static bool IsIgnored(ModelBlueprint blueprint, string name) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || name.EndsWith(".position_ids", StringComparison.Ordinal)
        || (blueprint.Head.IsTied && name == blueprint.Head.Path + ".weight");
}

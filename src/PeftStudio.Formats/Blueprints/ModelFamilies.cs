using PeftStudio.Formats.Blueprints.Families;
using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Blueprints;

/// <summary>All model families by <c>model_type</c>: the one place that knows which there are.</summary>
public static class ModelFamilies
{
    private static readonly Dictionary<string, Func<ModelConfiguration, ModelBlueprint>> Known = new(StringComparer.Ordinal)
    {
        ["llama"] = LlamaFamily.Describe,
    };

    /// <summary>The model types that can be described, in alphabetical order.</summary>
    public static IReadOnlyList<string> ModelTypes { get; } = Known.Keys.Order(StringComparer.Ordinal).ToArray();

    /// <summary>Describes a model from its configuration.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnknownArchitecture"/> or <see cref="ErrorCodes.InvalidModelConfiguration"/>.</exception>
    public static ModelBlueprint Describe(ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (Known.TryGetValue(configuration.ModelType, out var describe)) return describe(configuration);
        throw new PeftStudioException(
            ErrorCodes.UnknownArchitecture, "model architecture is not known",
            $"model_type '{configuration.ModelType}' ({configuration.Architecture ?? "no architecture named"})",
            "known are " + string.Join(", ", ModelTypes) + $"; nearest is '{NearestNames.Best(configuration.ModelType, ModelTypes)}'",
            "use a checkpoint of a known family; docs/model-families.md tells how one is added");
    }
}

using PeftStudio.Formats.Adapters;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Inference;

/// <summary>Reads PEFT adapter folders into updates.</summary>
public static class AdapterReading
{
    /// <summary>Reads the updates of a LoRA adapter.</summary>
    /// <param name="adapter">The folder.</param>
    /// <param name="blueprint">The base model.</param>
    /// <returns>One update a target, in model order, in float32.</returns>
    /// <exception cref="PeftStudioException">The adapter does not fit the model, or its method is not supported.</exception>
    public static IReadOnlyList<LinearDelta> ReadDeltas(this AdapterFolder adapter, ModelBlueprint blueprint)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        return LoraFactors.Of(adapter, blueprint)
            .Select(f => new LinearDelta(
                f.Linear.Path, adapter.Weights.ReadFloats(f.DownName), adapter.Weights.ReadFloats(f.UpName), f.Rank, (float)f.Scaling))
            .ToArray();
    }
}

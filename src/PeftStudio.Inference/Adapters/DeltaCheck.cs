namespace PeftStudio.Inference.Adapters;

/// <summary>Matches updates with the linears of a model; refuses what does not fit before anything is packed.</summary>
internal static class DeltaCheck
{
    /// <summary>Updates by the number of their linear.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.AdapterDoesNotFit"/>.</exception>
    internal static Dictionary<int, LinearDelta> ByLinear(IReadOnlyList<LinearDelta> deltas, IReadOnlyList<LinearShape> linears)
    {
        var numbers = new Dictionary<string, int>(linears.Count, StringComparer.Ordinal);
        for (var i = 0; i < linears.Count; i++) numbers[linears[i].Path] = i;
        var result = new Dictionary<int, LinearDelta>(deltas.Count);
        foreach (var delta in deltas)
        {
            if (!numbers.TryGetValue(delta.Path, out var index)) throw InferenceErrors.DeltaWithoutLinear(delta.Path);
            var (_, inFeatures, outFeatures) = linears[index];
            if (delta.Rank < 1 || delta.A.Length != (long)delta.Rank * inFeatures || delta.B.Length != (long)delta.Rank * outFeatures)
            {
                throw InferenceErrors.DeltaOfOtherShape(delta, inFeatures, outFeatures);
            }

            if (!result.TryAdd(index, delta)) throw InferenceErrors.DeltaTwice(delta.Path);
        }

        return result;
    }
}

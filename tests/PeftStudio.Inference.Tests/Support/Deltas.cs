using PeftStudio.Formats.Blueprints;

namespace PeftStudio.Inference.Tests.Support;

/// <summary>Random updates of every linear of a model.</summary>
internal static class Deltas
{
    internal static LinearDelta[] Random(ModelBlueprint blueprint, int seed, int rank = 3, float scale = 0.5f) =>
        blueprint.Linears.Select((l, i) => Of(l.Path, l.InFeatures, l.OutFeatures, seed + (2 * i), rank, scale)).ToArray();

    internal static LinearDelta Of(string path, int inFeatures, int outFeatures, int seed, int rank = 3, float scale = 0.5f) =>
        new(path, Scaled(rank * inFeatures, seed), Scaled(outFeatures * rank, seed + 1), rank, scale);

    private static float[] Scaled(int count, int seed) => Array.ConvertAll(Noise.Floats(count, seed), v => v * 0.3f);
}

namespace PeftStudio.Inference.Tests.Support;

/// <summary>Random values with a seed.</summary>
internal static class Noise
{
    /// <summary>Values from −1 to 1.</summary>
    internal static float[] Floats(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray();
    }

    /// <summary>Ids below a limit.</summary>
    internal static int[] Ids(int count, int seed, int below = 97)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => random.Next(below)).ToArray();
    }
}

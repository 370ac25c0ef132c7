using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Golden;

/// <summary>Compares results with expected values under a case's tolerance.</summary>
internal static class GoldenTensors
{
    /// <summary>Opens one of a case's tensor files.</summary>
    internal static SafetensorsFile Open(this GoldenCase golden, string file = "expected.safetensors") => SafetensorsFile.Open(golden.At(file));

    internal static bool Has(this ITensorSource source, string name) => source.Tensors.ContainsKey(name);

    internal static long[] Shape(this ITensorSource source, string name) => [.. source.Tensors[name].Shape];

    /// <summary>Asserts |actual − expected| ≤ absolute + relative·|expected| for every value that counts.</summary>
    /// <param name="actual">Our values.</param>
    /// <param name="expected">The reference's.</param>
    /// <param name="absolute">Absolute tolerance.</param>
    /// <param name="relative">Relative tolerance.</param>
    /// <param name="what">What is compared, for the message.</param>
    /// <param name="counts">Whether value i counts; all do unless given.</param>
    internal static void AssertClose(
        ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, double absolute, double relative, string what, Func<int, bool>? counts = null)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length), $"{what}: number of values");
        var (worst, at, compared) = (0.0, -1, 0);
        for (var i = 0; i < actual.Length; i++)
        {
            if (counts is not null && !counts(i)) continue;
            compared++;
            var excess = Math.Abs((double)actual[i] - expected[i]) / (absolute + (relative * Math.Abs((double)expected[i])) + double.Epsilon);
            if (excess > worst || double.IsNaN(excess)) (worst, at) = (double.IsNaN(excess) ? double.PositiveInfinity : excess, i);
        }

        Assert.That(compared, Is.Positive, $"{what}: nothing was compared");
        if (worst > 1) Assert.Fail($"{what}: value {at} is {actual[at]}, expected {expected[at]}: {worst:F2} times the tolerance ({absolute} + {relative} relative)");
    }

    /// <summary>Mean of |actual − expected| over the values that count.</summary>
    internal static double MeanDifference(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, Func<int, bool>? counts = null)
    {
        var (sum, compared) = (0.0, 0);
        for (var i = 0; i < actual.Length; i++)
        {
            if (counts is not null && !counts(i)) continue;
            sum += Math.Abs((double)actual[i] - expected[i]);
            compared++;
        }

        return sum / compared;
    }
}

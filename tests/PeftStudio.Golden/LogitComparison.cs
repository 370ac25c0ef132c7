namespace PeftStudio.Golden;

/// <summary>Compares logits [.., T, V] with expected ones where the mask is 1.</summary>
internal static class LogitComparison
{
    /// <summary>|ours − expected| ≤ absolute + relative·|expected| everywhere.</summary>
    internal static void AssertWithin(
        float[] ours, float[] expected, int[] mask, double absolute, double relative, double meanAbsolute = double.PositiveInfinity)
    {
        Assert.That(ours, Has.Length.EqualTo(expected.Length));
        var width = expected.Length / mask.Length;
        var (worst, at, sum, count) = (0.0, -1, 0.0, 0L);
        for (var i = 0; i < expected.Length; i++)
        {
            if (mask[i / width] == 0) continue;
            Assert.That(float.IsFinite(ours[i]), $"value {i} is {ours[i]}");
            var difference = Math.Abs((double)ours[i] - expected[i]);
            sum += difference;
            count++;
            var excess = difference - (relative * Math.Abs((double)expected[i]));
            if (excess > worst) (worst, at) = (excess, i);
        }

        Assert.That(count, Is.Positive);
        TestContext.Out.WriteLine($"largest difference {worst:g4} (allowed {absolute:g4}), mean {sum / count:g4}");
        Assert.That(worst, Is.LessThanOrEqualTo(absolute), $"at {at}: {(at < 0 ? 0 : ours[at])}, expected {(at < 0 ? 0 : expected[at])}");
        Assert.That(sum / count, Is.LessThanOrEqualTo(meanAbsolute));
    }
}

namespace PeftStudio.Training.Reports;

/// <summary>An exponential moving average over about a twentieth of the curve, corrected for its start as Adam's moments are.</summary>
internal static class LossSmoothing
{
    /// <summary>The smoothed values, as many as <paramref name="values"/>.</summary>
    internal static double[] Smooth(IReadOnlyList<double> values)
    {
        var keep = 1 - (2.0 / (Math.Max(1, values.Count / 20) + 1));
        var result = new double[values.Count];
        double average = 0, weight = 0;
        for (var i = 0; i < values.Count; i++)
        {
            average = (keep * average) + ((1 - keep) * values[i]);
            weight = (keep * weight) + (1 - keep);
            result[i] = average / weight;
        }

        return result;
    }
}

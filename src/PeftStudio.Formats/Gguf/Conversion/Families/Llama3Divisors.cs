using System.Text.Json.Nodes;

namespace PeftStudio.Formats.Gguf.Conversion.Families;

/// <summary>
/// Llama 3's stretching of rotary frequencies: a GGUF file holds the divisor of each frequency, a configuration the four numbers they follow from.
/// Long waves are divided by the factor, short ones are kept, between them is a ramp.
/// </summary>
/// <param name="Factor">Divisor of long waves.</param>
/// <param name="Low">Waves longer than original/low are divided.</param>
/// <param name="High">Waves shorter than original/high are kept.</param>
/// <param name="Original">Trained length in tokens.</param>
internal sealed record Llama3Divisors(double Factor, double Low, double High, double Original)
{
    private const double UsualLow = 1;
    private const double UsualHigh = 4;
    private const double UsualOriginal = 8192;
    private const double RelativeError = 1e-5;

    /// <summary>The divisors, in float32 as the converter computes them.</summary>
    internal float[] Compute(int count, double theta)
    {
        var (factor, low, high, original) = ((float)Factor, (float)Low, (float)High, (float)Original);
        var divisors = new float[count];
        for (var i = 0; i < count; i++)
        {
            var wave = WaveOf(i, count, theta);
            var smooth = ((original / wave) - low) / (high - low);
            divisors[i] = wave < original / high ? 1 : wave > original / low ? factor : 1 / (((1 - smooth) / factor) + smooth);
        }

        return divisors;
    }

    /// <summary>The numbers that divisors follow from, with the ramp that every published model has; null when none fit.</summary>
    internal static Llama3Divisors? Fit(float[] divisors, double theta)
    {
        if (divisors.Length == 0 || divisors.Max() is not (> 1 and var factor)) return null;
        var candidates = new List<double> { UsualOriginal };
        for (var i = 0; i < divisors.Length; i++)
        {
            // On the ramp a divisor tells its share, and the share the trained length.
            if (divisors[i] <= 1 || divisors[i] >= factor) continue;
            var smooth = ((1.0 / divisors[i]) - (1.0 / factor)) / (1 - (1.0 / factor));
            candidates.Add(Math.Round(((smooth * (UsualHigh - UsualLow)) + UsualLow) * WaveOf(i, divisors.Length, theta)));
            break;
        }

        return candidates.Select(original => new Llama3Divisors(factor, UsualLow, UsualHigh, original))
            .FirstOrDefault(rule => rule.Compute(divisors.Length, theta).Zip(divisors).All(p => Math.Abs(p.First - p.Second) <= RelativeError * p.Second));
    }

    /// <summary>Writes the numbers as a configuration's rotary settings.</summary>
    internal void Describe(JsonObject target)
    {
        target["rope_type"] = "llama3";
        target["factor"] = Factor;
        target["low_freq_factor"] = Low;
        target["high_freq_factor"] = High;
        target["original_max_position_embeddings"] = (int)Original;
    }

    private static float WaveOf(int index, int count, double theta) => (float)(2 * Math.PI) / (1f / MathF.Pow((float)theta, index / (float)count));
}

namespace PeftStudio.Formats.Quantization.Blocks;

/// <summary>Parameters of <see cref="ScaleSearch.Asymmetric"/>: codes 0 to levels, trial scales (levels + first + step·t)/(max − min).</summary>
internal readonly record struct AsymmetricSearch(int Levels, float First, float Step, int Steps, bool AbsoluteError = false)
{
    /// <summary>The search that is used with importance weights.</summary>
    internal static AsymmetricSearch Weighted(int levels) => new(levels, -0.9f, 0.05f, 36);
}

/// <summary>
/// The searches of ggml's quantiser for the scale of a group that gives the smallest weighted error. Results are meant to be equal bit for bit,
/// so every sum runs in the order of the elements in float32, without fused multiply-add.
/// </summary>
internal static class ScaleSearch
{
    /// <summary>Groups whose largest magnitude is below this are zero.</summary>
    internal const float Negligible = 1e-15f;

    /// <summary>Nearest integer, ties to even, for |value| below 2²²; beyond, the low bits that the reference keeps.</summary>
    internal static int Nearest(float value) => (BitConverter.SingleToInt32Bits(value + 12582912f) & 0x7FFFFF) - 0x400000;

    /// <summary>
    /// Codes l + levels with l from −levels to levels − 1 for values ≈ scale·l. Tries 19 scales around the one that puts the largest
    /// magnitude at −levels. Empty weights mean x².
    /// </summary>
    internal static float Symmetric(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int levels, Span<sbyte> codes)
    {
        var largest = Blocks.Symmetric.LargestMagnitude(values);
        if (MathF.Abs(largest) < Negligible)
        {
            codes.Clear();
            return 0;
        }

        var (numerator, denominator) = Try(values, weights, levels, -levels / largest, codes);
        var scale = denominator != 0 ? numerator / denominator : 0f;
        var best = scale * numerator;
        Span<sbyte> trial = stackalloc sbyte[codes.Length];
        for (var t = -9; t <= 9; t++)
        {
            if (t == 0) continue;
            (numerator, denominator) = Try(values, weights, levels, -(levels + (0.1f * t)) / largest, trial);
            if (!(denominator > 0) || !(numerator * numerator > best * denominator)) continue;
            trial.CopyTo(codes);
            scale = numerator / denominator;
            best = scale * numerator;
        }

        return scale;
    }

    /// <summary>
    /// Codes l + levels with l from −levels to levels − 1 for values ≈ scale·l, weights x², improved one code at a time in up to five passes.
    /// </summary>
    internal static float SymmetricByDescent(ReadOnlySpan<float> values, int levels, Span<sbyte> codes)
    {
        var largest = Blocks.Symmetric.LargestMagnitude(values);
        if (MathF.Abs(largest) < Negligible)
        {
            codes.Clear();
            return 0;
        }

        var (numerator, denominator) = Try(values, default, levels, -levels / largest, codes);
        for (var pass = 0; pass < 5; pass++)
        {
            var changed = false;
            for (var i = 0; i < values.Length; i++)
            {
                var code = codes[i] - levels;
                var weight = values[i] * values[i];
                var without = numerator - (weight * values[i] * code);
                if (!(without > 0)) continue;
                var squares = denominator - (weight * code * code);
                var better = Math.Clamp(Nearest(values[i] * squares / without), -levels, levels - 1);
                if (better == code) continue;
                without += weight * values[i] * better;
                squares += weight * better * better;
                if (!(squares > 0) || !(without * without * denominator > numerator * numerator * squares)) continue;
                (codes[i], numerator, denominator, changed) = ((sbyte)(better + levels), without, squares, true);
            }

            if (!changed) break;
        }

        return denominator > 0 ? numerator / denominator : 0f;
    }

    /// <summary>
    /// Codes 0 to levels for values ≈ scale·code − minimum, with a minimum of at least 0: trial scales, each improved by least squares.
    /// An accepted trial's minimum also moves the later trials.
    /// </summary>
    internal static float Asymmetric(
        ReadOnlySpan<float> values, ReadOnlySpan<float> weights, AsymmetricSearch search, Span<sbyte> codes, out float minimum)
    {
        var levels = search.Levels;
        var (min, max) = (values[0], values[0]);
        var sumWeights = weights[0];
        var sumValues = sumWeights * values[0];
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] < min) min = values[i];
            if (values[i] > max) max = values[i];
            sumWeights += weights[i];
            sumValues += weights[i] * values[i];
        }

        if (min > 0) min = 0;
        if (max <= min)
        {
            codes.Clear();
            minimum = -min;
            return 0;
        }

        var inverse = levels / (max - min);
        var scale = 1 / inverse;
        for (var i = 0; i < values.Length; i++) codes[i] = (sbyte)Math.Clamp(Nearest(inverse * (values[i] - min)), 0, levels);
        var best = Error(values, weights, codes, scale, min, search.AbsoluteError);
        Span<sbyte> trial = stackalloc sbyte[codes.Length];
        for (var t = 0; t <= search.Steps; t++)
        {
            inverse = (search.First + (search.Step * t) + levels) / (max - min);
            float sumCodes = 0, sumSquares = 0, sumProducts = 0;
            for (var i = 0; i < values.Length; i++)
            {
                var code = Math.Clamp(Nearest(inverse * (values[i] - min)), 0, levels);
                trial[i] = (sbyte)code;
                sumCodes += weights[i] * code;
                sumSquares += weights[i] * code * code;
                sumProducts += weights[i] * code * values[i];
            }

            var determinant = (sumWeights * sumSquares) - (sumCodes * sumCodes);
            if (!(determinant > 0)) continue;
            var trialScale = ((sumWeights * sumProducts) - (sumValues * sumCodes)) / determinant;
            var trialMin = ((sumSquares * sumValues) - (sumCodes * sumProducts)) / determinant;
            if (trialMin > 0)
            {
                trialMin = 0;
                trialScale = sumProducts / sumSquares;
            }

            var error = Error(values, weights, trial, trialScale, trialMin, search.AbsoluteError);
            if (!(error < best)) continue;
            trial.CopyTo(codes);
            (best, scale, min) = (error, trialScale, trialMin);
        }

        minimum = -min;
        return scale;
    }

    /// <summary>Codes 0 to levels for non-negative values ≈ scale·code: nine trial scales, then up to five passes that improve one code at a time.</summary>
    internal static float Positive(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int levels, Span<sbyte> codes)
    {
        var max = 0f;
        foreach (var value in values) max = MathF.Max(max, value);
        if (max < Negligible)
        {
            codes.Clear();
            return 0;
        }

        var inverse = levels / max;
        var best = PositiveError(values, weights, int.MaxValue, inverse);
        for (var t = -4; t <= 4; t++)
        {
            if (t == 0) continue;
            var trial = ((0.1f * t) + levels) / max;
            var error = PositiveError(values, weights, levels, trial);
            if (!(error < best)) continue;
            (best, inverse) = (error, trial);
        }

        float numerator = 0, denominator = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var code = Math.Min(levels, Nearest(inverse * values[i]));
            codes[i] = (sbyte)code;
            numerator += weights[i] * values[i] * code;
            denominator += weights[i] * code * code;
        }

        for (var pass = 0; pass < 5; pass++)
        {
            var changed = false;
            for (var i = 0; i < values.Length; i++)
            {
                var without = numerator - (weights[i] * values[i] * codes[i]);
                var squares = denominator - (weights[i] * codes[i] * codes[i]);
                if (!(without > 0) || !(squares > 0)) continue;
                var better = Math.Min(levels, Nearest(values[i] * squares / without));
                if (better == codes[i]) continue;
                without += weights[i] * values[i] * better;
                squares += weights[i] * better * better;
                if (!(without * without * denominator > numerator * numerator * squares)) continue;
                (codes[i], numerator, denominator, changed) = ((sbyte)better, without, squares, true);
            }

            if (!changed) break;
        }

        return denominator > 0 ? numerator / denominator : 0f;
    }

    private static (float Numerator, float Denominator) Try(
        ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int levels, float inverse, Span<sbyte> codes)
    {
        float numerator = 0, denominator = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var code = Math.Clamp(Nearest(inverse * values[i]), -levels, levels - 1);
            codes[i] = (sbyte)(code + levels);
            var weight = weights.IsEmpty ? values[i] * values[i] : weights[i];
            numerator += weight * values[i] * code;
            denominator += weight * code * code;
        }

        return (numerator, denominator);
    }

    private static float Error(
        ReadOnlySpan<float> values, ReadOnlySpan<float> weights, ReadOnlySpan<sbyte> codes, float scale, float min, bool absolute)
    {
        var sum = 0f;
        for (var i = 0; i < values.Length; i++)
        {
            var difference = (scale * codes[i]) + min - values[i];
            sum += weights[i] * (absolute ? MathF.Abs(difference) : difference * difference);
        }

        return sum;
    }

    private static float PositiveError(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int levels, float inverse)
    {
        var sum = 0f;
        var scale = 1 / inverse;
        for (var i = 0; i < values.Length; i++)
        {
            var difference = values[i] - (scale * Math.Min(levels, Nearest(inverse * values[i])));
            sum += weights[i] * difference * difference;
        }

        return sum;
    }
}

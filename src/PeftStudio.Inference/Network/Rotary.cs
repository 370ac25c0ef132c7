using System.Numerics.Tensors;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Network;

/// <summary>
/// Rotary positions of the layers that share one setting. Angles, cosines and sines are float32, rounded to the element type at the end,
/// since positions above 256 are not exact in bfloat16.
/// </summary>
/// <param name="blueprint">The setting.</param>
/// <param name="index">Its number in the model: where a pass keeps its angles.</param>
internal sealed unsafe class Rotary<T>(RopeBlueprint blueprint, int index)
    where T : unmanaged, IElement<T>
{
    private readonly RopeFrequencies? _fixed = RopeFrequencies.DependOnLength(blueprint) ? null : RopeFrequencies.Compute(blueprint, 0);

    private int Half => blueprint.Dimensions / 2;

    /// <summary>Computes the angles of every row of a pass; once a pass, before the first layer.</summary>
    internal void Prepare(Pass<T> pass)
    {
        var angles = pass.Angles[index].Reserve((nint)pass.Rows * blueprint.Dimensions);
        foreach (ref readonly var segment in pass.Segments)
        {
            var frequencies = _fixed ?? RopeFrequencies.Compute(blueprint, segment.Sequence.RopeLength);
            for (var row = segment.First; row < segment.First + segment.Count; row++)
            {
                var start = angles + ((nint)row * blueprint.Dimensions);
                for (var i = 0; i < Half; i++)
                {
                    var angle = pass.Positions[row] * frequencies.InverseFrequencies[i];
                    start[i] = T.Round(MathF.Cos(angle) * frequencies.AttentionFactor);
                    start[Half + i] = T.Round(MathF.Sin(angle) * frequencies.AttentionFactor);
                }
            }
        }
    }

    /// <summary>Rotates the heads of one row; each product and each sum is rounded, as the reference computes in the element type.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="row">Which row.</param>
    /// <param name="heads">[heads, head size].</param>
    /// <param name="headSize">D.</param>
    internal void Rotate(Pass<T> pass, int row, Span<float> heads, int headSize)
    {
        var angles = pass.Angles[index].Start + ((nint)row * blueprint.Dimensions);
        var cosine = new ReadOnlySpan<float>(angles, Half);
        var sine = new ReadOnlySpan<float>(angles + Half, Half);
        for (var head = 0; head < heads.Length; head += headSize)
        {
            var rotated = heads.Slice(head, blueprint.Dimensions);
            switch (blueprint.Layout)
            {
                case RopeLayout.Half:
                    RotateHalves(rotated, cosine, sine);
                    break;
                case RopeLayout.Interleaved:
                    RotateNeighbours(rotated, cosine, sine);
                    break;
                default:
                    throw InferenceErrors.UnknownFeature("rotary layout", blueprint.Layout);
            }
        }
    }

    private static void RotateHalves(Span<float> values, ReadOnlySpan<float> cosine, ReadOnlySpan<float> sine)
    {
        var half = cosine.Length;
        var first = values[..half];
        var second = values[half..];
        Span<float> products = stackalloc float[4 * half];
        var firstCosine = products[..half];
        var firstSine = products.Slice(half, half);
        var secondCosine = products.Slice(2 * half, half);
        var secondSine = products[(3 * half)..];
        TensorPrimitives.Multiply(first, cosine, firstCosine);
        TensorPrimitives.Multiply(first, sine, firstSine);
        TensorPrimitives.Multiply(second, cosine, secondCosine);
        TensorPrimitives.Multiply(second, sine, secondSine);
        T.Round(products);
        TensorPrimitives.Subtract(firstCosine, secondSine, first);
        TensorPrimitives.Add(secondCosine, firstSine, second);
        T.Round(values);
    }

    private static void RotateNeighbours(Span<float> values, ReadOnlySpan<float> cosine, ReadOnlySpan<float> sine)
    {
        for (var i = 0; i < cosine.Length; i++)
        {
            var (first, second) = (values[2 * i], values[(2 * i) + 1]);
            values[2 * i] = T.Round(T.Round(first * cosine[i]) - T.Round(second * sine[i]));
            values[(2 * i) + 1] = T.Round(T.Round(second * cosine[i]) + T.Round(first * sine[i]));
        }
    }
}

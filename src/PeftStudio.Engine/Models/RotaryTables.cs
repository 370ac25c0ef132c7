using PeftStudio.Formats.Blueprints;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Models;

/// <summary>Cosines and sines of the positions of one forward pass, made in float32 and cast to the activations' type.</summary>
internal sealed class RotaryTables : IDisposable
{
    private readonly Dictionary<RopeBlueprint, (Tensor Cosine, Tensor SignedSine)> _tables = [];

    /// <summary>Makes the tables of every rotary setting of a model.</summary>
    /// <param name="ropes">The settings.</param>
    /// <param name="positions">[B, T] or [1, T], int64.</param>
    /// <param name="type">Type of the activations.</param>
    internal RotaryTables(IEnumerable<RopeBlueprint> ropes, Tensor positions, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var largest = positions.max().item<long>();
        foreach (var rope in ropes)
        {
            var frequencies = RopeFrequencies.Compute(rope, largest + 1);
            var inverse = tensor(frequencies.InverseFrequencies.ToArray()); // [d/2]
            var angles = positions.to(ScalarType.Float32).unsqueeze(-1) * inverse; // [B, T, d/2]
            var cosine = cos(angles) * frequencies.AttentionFactor;
            var sine = sin(angles) * frequencies.AttentionFactor;

            // One table entry an element: element i of a head is multiplied with the cosine, its partner with the sine that carries the sign.
            var (wideCosine, signedSine) = rope.Layout == RopeLayout.Half
                ? (cat([cosine, cosine], -1), cat([-sine, sine], -1))
                : (cosine.repeat_interleave(2, -1), stack([-sine, sine], -1).flatten(-2));
            _tables[rope] = (
                wideCosine.unsqueeze(2).to(type).DetachFromDisposeScope(), signedSine.unsqueeze(2).to(type).DetachFromDisposeScope());
        }
    }

    /// <summary>Rotates the first d elements of each head.</summary>
    /// <param name="x">[B, T, H, D].</param>
    /// <param name="rope">The setting.</param>
    /// <returns>[B, T, H, D].</returns>
    internal Tensor Rotate(Tensor x, RopeBlueprint rope)
    {
        using var scope = NewDisposeScope();
        var (cosine, signedSine) = _tables[rope];
        var size = x.size(-1);
        var turning = rope.Dimensions == size ? x : x.narrow(-1, 0, rope.Dimensions);
        var half = rope.Dimensions / 2;
        var partner = rope.Layout == RopeLayout.Half
            ? cat([turning.narrow(-1, half, half), turning.narrow(-1, 0, half)], -1)
            : turning.unflatten(-1, [half, 2]).flip(-1).flatten(-2);
        var turned = addcmul(turning * cosine, partner, signedSine, 1);
        if (rope.Dimensions != size) turned = cat([turned, x.narrow(-1, rope.Dimensions, size - rope.Dimensions)], -1);
        return turned.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var (cosine, sine) in _tables.Values)
        {
            cosine.Dispose();
            sine.Dispose();
        }
    }
}

using PeftStudio.Formats.Blueprints;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Models;

/// <summary>Grouped causal attention by plain batched products: the query heads of a group are stacked as rows, so keys and values are never repeated.</summary>
internal sealed class TorchAttention(AttentionBlueprint blueprint, TorchLinear query, TorchLinear key, TorchLinear value, TorchLinear output)
{
    /// <summary>Attention over the sequence.</summary>
    /// <param name="x">[B·T, E].</param>
    /// <param name="sequence">Masks and rotary tables.</param>
    /// <returns>[B·T, E].</returns>
    internal Tensor Forward(Tensor x, Sequence sequence)
    {
        using var scope = NewDisposeScope();
        long b = sequence.Batch, t = sequence.Length, k = blueprint.KeyValueHeads, g = blueprint.Heads / k, d = blueprint.HeadSize;
        var queries = query.Forward(x, sequence.Training).view(b, t, k * g, d);
        var keys = key.Forward(x, sequence.Training).view(b, t, k, d);
        var values = value.Forward(x, sequence.Training).view(b, t, k, d);
        if (blueprint.Rope is { } rope)
        {
            queries = sequence.Rotary.Rotate(queries, rope);
            keys = sequence.Rotary.Rotate(keys, rope);
        }

        var rows = queries.view(b, t, k, g, d).permute(0, 2, 3, 1, 4).reshape(b * k, g * t, d);
        var columns = keys.permute(0, 2, 3, 1).reshape(b * k, d, t);
        var scores = rows.bmm(columns).mul(blueprint.Scale).view(b, k * g, t, t);
        var shares = softmax(scores.to(ScalarType.Float32).masked_fill(sequence.Hidden, float.MinValue), -1).to(x.dtype);
        var mixed = shares.view(b * k, g * t, t).bmm(values.permute(0, 2, 1, 3).reshape(b * k, t, d));
        var merged = mixed.view(b, k, g, t, d).permute(0, 3, 1, 2, 4).reshape(b * t, k * g * d);
        return output.Forward(merged, sequence.Training).MoveToOuterDisposeScope();
    }
}

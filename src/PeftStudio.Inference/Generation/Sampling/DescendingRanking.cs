using System.Numerics.Tensors;

namespace PeftStudio.Inference.Generation.Sampling;

/// <summary>
/// Tokens from the most to the least probable, found one by one: a heap, since mostly a few of many are asked for.
/// Weights are e^(logit − largest logit) in double precision, so that probabilities are weights over <see cref="Total"/>.
/// </summary>
internal sealed class DescendingRanking
{
    private readonly float[] _logits;
    private readonly int[] _ids;
    private int _count;
    private float _largest;
    private bool _lowestIdFirst;

    /// <param name="vocabulary">Number of ids.</param>
    internal DescendingRanking(int vocabulary)
    {
        _logits = new float[vocabulary];
        _ids = new int[vocabulary];
    }

    /// <summary>Sum of all weights; 0 when no logit is finite.</summary>
    internal double Total { get; private set; }

    /// <summary>Starts anew.</summary>
    /// <param name="logits">One value an id; −∞ for what does not count.</param>
    /// <param name="lowestIdFirst">Order of ids with equal logits.</param>
    internal void Rank(ReadOnlySpan<float> logits, bool lowestIdFirst)
    {
        (_count, Total, _lowestIdFirst) = (0, 0, lowestIdFirst);
        _largest = TensorPrimitives.Max(logits);
        if (!float.IsFinite(_largest)) return;
        for (var id = 0; id < logits.Length; id++)
        {
            if (float.IsNegativeInfinity(logits[id])) continue;
            _logits[_count] = logits[id];
            _ids[_count++] = id;
            Total += Weight(logits[id]);
        }

        for (var i = (_count / 2) - 1; i >= 0; i--) SiftDown(i);
    }

    /// <summary>The next token; false when there is none.</summary>
    internal bool TryNext(out int id, out double weight)
    {
        (id, weight) = (-1, 0);
        if (_count == 0) return false;
        (id, weight) = (_ids[0], Weight(_logits[0]));
        _count--;
        (_logits[0], _ids[0]) = (_logits[_count], _ids[_count]);
        SiftDown(0);
        return true;
    }

    /// <summary>Any token that is left, when the order no longer matters.</summary>
    internal bool TryNextUnordered(out int id)
    {
        id = _count > 0 ? _ids[--_count] : -1;
        return id >= 0;
    }

    private double Weight(float logit) => Math.Exp((double)logit - _largest);

    private bool Precedes(float logit, int id, float otherLogit, int otherId)
    {
        if (logit != otherLogit) return logit > otherLogit;
        return _lowestIdFirst ? id < otherId : id > otherId;
    }

    private void SiftDown(int node)
    {
        var (logit, id) = (_logits[node], _ids[node]);
        for (var child = (2 * node) + 1; child < _count; child = (2 * node) + 1)
        {
            if (child + 1 < _count && Precedes(_logits[child + 1], _ids[child + 1], _logits[child], _ids[child])) child++;
            if (!Precedes(_logits[child], _ids[child], logit, id)) break;
            (_logits[node], _ids[node]) = (_logits[child], _ids[child]);
            node = child;
        }

        (_logits[node], _ids[node]) = (logit, id);
    }
}

namespace PeftStudio.Inference.Generation.Sampling;

/// <summary>Keeps logits that are at least the k-th largest, equals included.</summary>
/// <param name="k">At least 1.</param>
internal sealed class TopK(int k) : ILogitsProcessor
{
    // The largest so far, the smallest of them first: a heap in which a node is not above its children 2i+1 and 2i+2.
    private readonly float[] _largest = new float[k];

    public void Process(ReadOnlySpan<int> history, Span<float> logits)
    {
        if (logits.Length <= k) return;
        var threshold = KthLargest(logits);
        for (var i = 0; i < logits.Length; i++)
        {
            if (logits[i] < threshold) logits[i] = float.NegativeInfinity;
        }
    }

    private float KthLargest(ReadOnlySpan<float> logits)
    {
        logits[..k].CopyTo(_largest);
        for (var i = (k / 2) - 1; i >= 0; i--) SiftDown(i);
        foreach (var logit in logits[k..])
        {
            if (logit <= _largest[0]) continue;
            _largest[0] = logit;
            SiftDown(0);
        }

        return _largest[0];
    }

    private void SiftDown(int node)
    {
        var value = _largest[node];
        for (var child = (2 * node) + 1; child < k; child = (2 * node) + 1)
        {
            if (child + 1 < k && _largest[child + 1] < _largest[child]) child++;
            if (value <= _largest[child]) break;
            _largest[node] = _largest[child];
            node = child;
        }

        _largest[node] = value;
    }
}

namespace PeftStudio.Inference.Generation.Sampling;

/// <summary>Positive logits of ids in the history are divided by the penalty, negative ones multiplied, each id once.</summary>
/// <param name="penalty">At least 1.</param>
/// <param name="vocabulary">Number of ids.</param>
internal sealed class RepetitionPenalty(float penalty, int vocabulary) : ILogitsProcessor
{
    private readonly int[] _seenIn = new int[vocabulary];
    private int _round;

    public void Process(ReadOnlySpan<int> history, Span<float> logits)
    {
        _round++;
        foreach (var id in history)
        {
            if (id >= logits.Length || _seenIn[id] == _round) continue;
            _seenIn[id] = _round;
            logits[id] = logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty;
        }
    }
}

namespace PeftStudio.Inference.Generation.Sampling;

/// <summary>
/// Keeps the fewest most probable tokens whose probabilities add up to p, at least one; of equals the lower ids are cut first,
/// as the reference sorts ascending and cuts from below (Holtzman et al. 2019).
/// </summary>
/// <param name="p">0 to 1.</param>
/// <param name="ranking">Memory for the order of tokens.</param>
internal sealed class TopP(double p, DescendingRanking ranking) : ILogitsProcessor
{
    public void Process(ReadOnlySpan<int> history, Span<float> logits)
    {
        ranking.Rank(logits, lowestIdFirst: false);
        if (ranking.Total == 0) return;
        var above = 0.0;
        while (ranking.TryNext(out var id, out var weight))
        {
            // What lies at or below this token in ascending order is 1 − above.
            if (above > 0 && ranking.Total - above <= (1 - p) * ranking.Total)
            {
                logits[id] = float.NegativeInfinity;
                break;
            }

            above += weight;
        }

        while (ranking.TryNextUnordered(out var id)) logits[id] = float.NegativeInfinity;
    }
}

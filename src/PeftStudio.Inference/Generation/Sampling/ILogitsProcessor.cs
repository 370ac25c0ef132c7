namespace PeftStudio.Inference.Generation.Sampling;

/// <summary>Changes logits before a token is chosen; what must not be chosen becomes −∞.</summary>
internal interface ILogitsProcessor
{
    /// <summary>Changes logits in place.</summary>
    /// <param name="history">Ids of prompt and answer so far.</param>
    /// <param name="logits">One value an id.</param>
    void Process(ReadOnlySpan<int> history, Span<float> logits);
}

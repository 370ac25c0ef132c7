using System.Numerics.Tensors;

namespace PeftStudio.Inference.Generation.Sampling;

/// <summary>Logits divided by the temperature.</summary>
/// <param name="temperature">Above 0.</param>
internal sealed class Temperature(float temperature) : ILogitsProcessor
{
    public void Process(ReadOnlySpan<int> history, Span<float> logits) => TensorPrimitives.Divide(logits, temperature, logits);
}

using System.Numerics.Tensors;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Kernels;

/// <summary>Adds a bias, rounds to the element type and stores.</summary>
/// <param name="output">First output row.</param>
/// <param name="stride">Elements from one output row to the next.</param>
/// <param name="width">Values of an output row.</param>
/// <param name="bias">As many values, or null.</param>
internal readonly unsafe struct StoreSink<T>(T* output, nint stride, int width, float* bias) : IPanelSink
    where T : unmanaged, IElement<T>
{
    public void Take(int row, int panel, float* values)
    {
        var first = panel * PanelLayout.Rows;
        var results = new Span<float>(values, Math.Min(PanelLayout.Rows, width - first));
        if (bias is not null) TensorPrimitives.Add(results, new ReadOnlySpan<float>(bias + first, results.Length), results);
        T.Narrow(results, new Span<T>(output + (row * stride) + first, results.Length));
    }
}

using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Kernels;

/// <summary>Adds scaled results to what is there and rounds once.</summary>
/// <param name="output">First output row.</param>
/// <param name="stride">Elements from one output row to the next.</param>
/// <param name="width">Values of an output row.</param>
/// <param name="scale">Factor on the results.</param>
internal readonly unsafe struct AddSink<T>(T* output, nint stride, int width, float scale) : IPanelSink
    where T : unmanaged, IElement<T>
{
    public void Take(int row, int panel, float* values)
    {
        var first = panel * PanelLayout.Rows;
        var target = output + (row * stride) + first;
        var count = Math.Min(PanelLayout.Rows, width - first);
        for (var i = 0; i < count; i++) target[i] = T.Narrow(T.Widen(target[i]) + (scale * values[i]));
    }
}

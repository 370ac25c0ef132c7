using System.Runtime.CompilerServices;

namespace PeftStudio.Inference.Kernels;

/// <summary>Stores whole panels of float32 results.</summary>
/// <param name="output">First output row; rows have room for whole panels.</param>
/// <param name="stride">Values from one output row to the next.</param>
internal readonly unsafe struct FloatSink(float* output, nint stride) : IPanelSink
{
    public void Take(int row, int panel, float* values) =>
        Unsafe.CopyBlockUnaligned(output + (row * stride) + (panel * PanelLayout.Rows), values, PanelLayout.Rows * sizeof(float));
}

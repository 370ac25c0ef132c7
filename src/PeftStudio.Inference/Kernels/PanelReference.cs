using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Kernels;

/// <summary>
/// The definition of a product with a panel, one number at a time. Vector paths give the same bits, whatever their width and however many
/// inputs they take at once: results depend neither on the batch, nor on chunks, nor on the number of threads.
/// </summary>
internal static unsafe class PanelReference
{
    /// <summary>Σ w[lane, c] · x[c]: column c adds to partial sum c mod 4, then (s₀ + s₁) + (s₂ + s₃).</summary>
    internal static float Dot<T>(T* panel, int columns, int lane, ReadOnlySpan<float> x)
        where T : unmanaged, IElement<T>
    {
        Span<float> sums = stackalloc float[PanelLayout.Chains];
        sums.Clear();
        for (var c = 0; c < columns; c++)
        {
            ref var sum = ref sums[c % PanelLayout.Chains];
            sum = MathF.FusedMultiplyAdd(T.Widen(panel[T.PanelIndex(lane, c)]), x[c], sum);
        }

        return (sums[0] + sums[1]) + (sums[2] + sums[3]);
    }
}

using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Kernels;

/// <summary>Panels in memory that somebody else owns: a weight, the keys or the values of a cache.</summary>
/// <param name="Start">First panel.</param>
/// <param name="Stride">Elements from one panel to the next.</param>
/// <param name="Columns">Columns that a product adds up.</param>
internal readonly unsafe record struct PanelView<T>(nint Start, nint Stride, int Columns)
    where T : unmanaged, IElement<T>
{
    internal T* Panel(int index) => (T*)Start + (index * Stride);
}

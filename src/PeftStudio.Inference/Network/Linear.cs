using PeftStudio.Inference.Kernels;
using PeftStudio.Inference.Memory;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Network;

/// <summary>A linear in memory: <c>y = x·Wᵀ + b</c>, accumulated in float32, rounded once.</summary>
/// <param name="path">Module path; adapters name it.</param>
/// <param name="index">Its number in the model; adapters are looked up by it.</param>
/// <param name="weight">W [out, in]; disposed with the linear when it owns it.</param>
/// <param name="ownsWeight">False for a head that is tied to the token embedding.</param>
/// <param name="bias">b [out], or null.</param>
internal sealed unsafe class Linear<T>(string path, int index, PanelMatrix<T> weight, bool ownsWeight, NativeBuffer<float>? bias) : IDisposable
    where T : unmanaged, IElement<T>
{
    internal string Path => path;

    internal int Index => index;

    internal PanelMatrix<T> Weight => weight;

    internal int InFeatures => weight.Columns;

    internal int OutFeatures => weight.Rows;

    internal float* Bias => bias is null ? null : bias.Start;

    /// <summary>Bytes of memory that it owns.</summary>
    internal long Bytes => (ownsWeight ? weight.Bytes : 0) + ((bias?.Length ?? 0) * sizeof(float));

    public void Dispose()
    {
        if (ownsWeight) weight.Dispose();
        bias?.Dispose();
    }
}

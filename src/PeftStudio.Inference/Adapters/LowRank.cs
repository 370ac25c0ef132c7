using PeftStudio.Inference.Kernels;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Adapters;

/// <summary>Both factors of a low-rank update, in panels. They stay float32 whatever the model computes in, as PEFT keeps them.</summary>
/// <param name="down">A [R, in].</param>
/// <param name="up">B [out, R].</param>
/// <param name="scale">Factor on the update.</param>
internal sealed class LowRank(PanelMatrix<Float32> down, PanelMatrix<Float32> up, float scale) : IDisposable
{
    internal PanelMatrix<Float32> Down => down;

    internal PanelMatrix<Float32> Up => up;

    internal float Scale => scale;

    /// <summary>R, rounded up to whole panels.</summary>
    internal int PaddedRank => down.Panels * PanelLayout.Rows;

    internal static LowRank Pack(LinearDelta delta, int inFeatures, int outFeatures)
    {
        var down = PanelMatrix<Float32>.Pack(delta.A, delta.Rank, inFeatures);
        try
        {
            return new LowRank(down, PanelMatrix<Float32>.Pack(delta.B, outFeatures, delta.Rank), delta.Scale);
        }
        catch
        {
            down.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        down.Dispose();
        up.Dispose();
    }
}

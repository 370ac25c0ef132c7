using System.Runtime.Intrinsics;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Kernels;

/// <summary>Products of many input rows with many panels: <c>y = x·Wᵀ</c>. The vector width is chosen by the processor.</summary>
internal static unsafe class PanelProduct
{
    /// <summary>Input rows that stay in the cache while panels pass by.</summary>
    private const int RowBlock = 48;

    /// <summary>Multiplies.</summary>
    /// <param name="panels">The matrix.</param>
    /// <param name="first">First panel.</param>
    /// <param name="end">Panel after the last.</param>
    /// <param name="x">Input rows, as many values each as the matrix has columns.</param>
    /// <param name="stride">Values from one input row to the next.</param>
    /// <param name="rows">Number of input rows.</param>
    /// <param name="sink">Takes the results.</param>
    internal static void Multiply<T, TSink>(in PanelView<T> panels, int first, int end, float* x, nint stride, int rows, ref TSink sink)
        where T : unmanaged, IElement<T>
        where TSink : struct, IPanelSink
    {
        if (Vector512.IsHardwareAccelerated) Multiply<T, TSink, Lanes16, Vector512<float>>(panels, first, end, x, stride, rows, ref sink);
        else Multiply<T, TSink, Lanes8, Vector256<float>>(panels, first, end, x, stride, rows, ref sink);
    }

    /// <summary>The same with a given vector width; tests run each.</summary>
    internal static void Multiply<T, TSink, TLanes, TVector>(
        in PanelView<T> panels, int first, int end, float* x, nint stride, int rows, ref TSink sink)
        where T : unmanaged, IElement<T>
        where TSink : struct, IPanelSink
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var results = stackalloc float[6 * PanelLayout.Rows];
        for (var block = 0; block < rows; block += RowBlock)
        {
            var blockEnd = Math.Min(rows, block + RowBlock);
            for (var p = first; p < end; p++)
            {
                var panel = panels.Panel(p);
                for (var row = block; row < blockEnd;)
                {
                    var input = x + (row * stride);
                    var left = blockEnd - row;
                    int taken;
                    if (left >= 6 && TLanes.Count == PanelLayout.Rows)
                    {
                        PanelKernel<T, TLanes, TVector>.Six(panel, panels.Columns, 0, input, stride, results);
                        taken = 6;
                    }
                    else if (left >= 3)
                    {
                        for (var lane = 0; lane < PanelLayout.Rows; lane += TLanes.Count)
                        {
                            PanelKernel<T, TLanes, TVector>.Three(panel, panels.Columns, lane, input, stride, results);
                        }

                        taken = 3;
                    }
                    else
                    {
                        for (var lane = 0; lane < PanelLayout.Rows; lane += TLanes.Count)
                        {
                            PanelKernel<T, TLanes, TVector>.One(panel, panels.Columns, lane, input, stride, results);
                        }

                        taken = 1;
                    }

                    for (var i = 0; i < taken; i++) sink.Take(row + i, p, results + (i * PanelLayout.Rows));
                    row += taken;
                }
            }
        }
    }
}

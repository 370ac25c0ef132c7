using System.Runtime.CompilerServices;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Kernels;

/// <summary>
/// Products of one panel with one, three or six input rows: <see cref="PanelReference"/> in vectors. A weight vector is loaded once for all inputs.
/// The statements are written out because the JIT keeps arrays of vectors in memory and does not unroll loops over them.
/// </summary>
/// <remarks>Parameters: the panel; its columns; the first lane of the vectors; input rows, <c>stride</c> apart; output, 16 values a row.</remarks>
internal static unsafe class PanelKernel<T, TLanes, TVector>
    where T : unmanaged, IElement<T>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>One input row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void One(T* panel, int columns, int lane, float* x, nint stride, float* y)
    {
        TVector s00 = default, s01 = default, s02 = default, s03 = default;
        var x0 = x;
        var c = 0;
        for (; c <= columns - 4; c += 4, panel += 4 * PanelLayout.Rows)
        {
            var w0 = T.LoadPanel<TLanes, TVector>(panel, 0, lane);
            s00 = TLanes.MultiplyAdd(w0, TLanes.Broadcast(x0[c]), s00);
            var w1 = T.LoadPanel<TLanes, TVector>(panel, 1, lane);
            s01 = TLanes.MultiplyAdd(w1, TLanes.Broadcast(x0[c + 1]), s01);
            var w2 = T.LoadPanel<TLanes, TVector>(panel, 2, lane);
            s02 = TLanes.MultiplyAdd(w2, TLanes.Broadcast(x0[c + 2]), s02);
            var w3 = T.LoadPanel<TLanes, TVector>(panel, 3, lane);
            s03 = TLanes.MultiplyAdd(w3, TLanes.Broadcast(x0[c + 3]), s03);
        }

        if (c < columns)
        {
            var w = T.LoadPanel<TLanes, TVector>(panel, 0, lane);
            s00 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x0[c]), s00);
        }

        if (c + 1 < columns)
        {
            var w = T.LoadPanel<TLanes, TVector>(panel, 1, lane);
            s01 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x0[c + 1]), s01);
        }

        if (c + 2 < columns)
        {
            var w = T.LoadPanel<TLanes, TVector>(panel, 2, lane);
            s02 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x0[c + 2]), s02);
        }

        TLanes.Store(Total(s00, s01, s02, s03), y + lane);
    }

    /// <summary>Three input rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Three(T* panel, int columns, int lane, float* x, nint stride, float* y)
    {
        TVector s00 = default, s01 = default, s02 = default, s03 = default;
        TVector s10 = default, s11 = default, s12 = default, s13 = default;
        TVector s20 = default, s21 = default, s22 = default, s23 = default;
        float* x0 = x, x1 = x + (1 * stride), x2 = x + (2 * stride);
        var c = 0;
        for (; c <= columns - 4; c += 4, panel += 4 * PanelLayout.Rows)
        {
            var w0 = T.LoadPanel<TLanes, TVector>(panel, 0, lane);
            s00 = TLanes.MultiplyAdd(w0, TLanes.Broadcast(x0[c]), s00);
            s10 = TLanes.MultiplyAdd(w0, TLanes.Broadcast(x1[c]), s10);
            s20 = TLanes.MultiplyAdd(w0, TLanes.Broadcast(x2[c]), s20);
            var w1 = T.LoadPanel<TLanes, TVector>(panel, 1, lane);
            s01 = TLanes.MultiplyAdd(w1, TLanes.Broadcast(x0[c + 1]), s01);
            s11 = TLanes.MultiplyAdd(w1, TLanes.Broadcast(x1[c + 1]), s11);
            s21 = TLanes.MultiplyAdd(w1, TLanes.Broadcast(x2[c + 1]), s21);
            var w2 = T.LoadPanel<TLanes, TVector>(panel, 2, lane);
            s02 = TLanes.MultiplyAdd(w2, TLanes.Broadcast(x0[c + 2]), s02);
            s12 = TLanes.MultiplyAdd(w2, TLanes.Broadcast(x1[c + 2]), s12);
            s22 = TLanes.MultiplyAdd(w2, TLanes.Broadcast(x2[c + 2]), s22);
            var w3 = T.LoadPanel<TLanes, TVector>(panel, 3, lane);
            s03 = TLanes.MultiplyAdd(w3, TLanes.Broadcast(x0[c + 3]), s03);
            s13 = TLanes.MultiplyAdd(w3, TLanes.Broadcast(x1[c + 3]), s13);
            s23 = TLanes.MultiplyAdd(w3, TLanes.Broadcast(x2[c + 3]), s23);
        }

        if (c < columns)
        {
            var w = T.LoadPanel<TLanes, TVector>(panel, 0, lane);
            s00 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x0[c]), s00);
            s10 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x1[c]), s10);
            s20 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x2[c]), s20);
        }

        if (c + 1 < columns)
        {
            var w = T.LoadPanel<TLanes, TVector>(panel, 1, lane);
            s01 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x0[c + 1]), s01);
            s11 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x1[c + 1]), s11);
            s21 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x2[c + 1]), s21);
        }

        if (c + 2 < columns)
        {
            var w = T.LoadPanel<TLanes, TVector>(panel, 2, lane);
            s02 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x0[c + 2]), s02);
            s12 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x1[c + 2]), s12);
            s22 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x2[c + 2]), s22);
        }

        TLanes.Store(Total(s00, s01, s02, s03), y + lane);
        TLanes.Store(Total(s10, s11, s12, s13), y + (1 * PanelLayout.Rows) + lane);
        TLanes.Store(Total(s20, s21, s22, s23), y + (2 * PanelLayout.Rows) + lane);
    }

    /// <summary>Six input rows; needs 32 vector registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Six(T* panel, int columns, int lane, float* x, nint stride, float* y)
    {
        TVector s00 = default, s01 = default, s02 = default, s03 = default;
        TVector s10 = default, s11 = default, s12 = default, s13 = default;
        TVector s20 = default, s21 = default, s22 = default, s23 = default;
        TVector s30 = default, s31 = default, s32 = default, s33 = default;
        TVector s40 = default, s41 = default, s42 = default, s43 = default;
        TVector s50 = default, s51 = default, s52 = default, s53 = default;
        float* x0 = x, x1 = x + (1 * stride), x2 = x + (2 * stride), x3 = x + (3 * stride), x4 = x + (4 * stride), x5 = x + (5 * stride);
        var c = 0;
        for (; c <= columns - 4; c += 4, panel += 4 * PanelLayout.Rows)
        {
            var w0 = T.LoadPanel<TLanes, TVector>(panel, 0, lane);
            s00 = TLanes.MultiplyAdd(w0, TLanes.Broadcast(x0[c]), s00);
            s10 = TLanes.MultiplyAdd(w0, TLanes.Broadcast(x1[c]), s10);
            s20 = TLanes.MultiplyAdd(w0, TLanes.Broadcast(x2[c]), s20);
            s30 = TLanes.MultiplyAdd(w0, TLanes.Broadcast(x3[c]), s30);
            s40 = TLanes.MultiplyAdd(w0, TLanes.Broadcast(x4[c]), s40);
            s50 = TLanes.MultiplyAdd(w0, TLanes.Broadcast(x5[c]), s50);
            var w1 = T.LoadPanel<TLanes, TVector>(panel, 1, lane);
            s01 = TLanes.MultiplyAdd(w1, TLanes.Broadcast(x0[c + 1]), s01);
            s11 = TLanes.MultiplyAdd(w1, TLanes.Broadcast(x1[c + 1]), s11);
            s21 = TLanes.MultiplyAdd(w1, TLanes.Broadcast(x2[c + 1]), s21);
            s31 = TLanes.MultiplyAdd(w1, TLanes.Broadcast(x3[c + 1]), s31);
            s41 = TLanes.MultiplyAdd(w1, TLanes.Broadcast(x4[c + 1]), s41);
            s51 = TLanes.MultiplyAdd(w1, TLanes.Broadcast(x5[c + 1]), s51);
            var w2 = T.LoadPanel<TLanes, TVector>(panel, 2, lane);
            s02 = TLanes.MultiplyAdd(w2, TLanes.Broadcast(x0[c + 2]), s02);
            s12 = TLanes.MultiplyAdd(w2, TLanes.Broadcast(x1[c + 2]), s12);
            s22 = TLanes.MultiplyAdd(w2, TLanes.Broadcast(x2[c + 2]), s22);
            s32 = TLanes.MultiplyAdd(w2, TLanes.Broadcast(x3[c + 2]), s32);
            s42 = TLanes.MultiplyAdd(w2, TLanes.Broadcast(x4[c + 2]), s42);
            s52 = TLanes.MultiplyAdd(w2, TLanes.Broadcast(x5[c + 2]), s52);
            var w3 = T.LoadPanel<TLanes, TVector>(panel, 3, lane);
            s03 = TLanes.MultiplyAdd(w3, TLanes.Broadcast(x0[c + 3]), s03);
            s13 = TLanes.MultiplyAdd(w3, TLanes.Broadcast(x1[c + 3]), s13);
            s23 = TLanes.MultiplyAdd(w3, TLanes.Broadcast(x2[c + 3]), s23);
            s33 = TLanes.MultiplyAdd(w3, TLanes.Broadcast(x3[c + 3]), s33);
            s43 = TLanes.MultiplyAdd(w3, TLanes.Broadcast(x4[c + 3]), s43);
            s53 = TLanes.MultiplyAdd(w3, TLanes.Broadcast(x5[c + 3]), s53);
        }

        if (c < columns)
        {
            var w = T.LoadPanel<TLanes, TVector>(panel, 0, lane);
            s00 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x0[c]), s00);
            s10 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x1[c]), s10);
            s20 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x2[c]), s20);
            s30 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x3[c]), s30);
            s40 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x4[c]), s40);
            s50 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x5[c]), s50);
        }

        if (c + 1 < columns)
        {
            var w = T.LoadPanel<TLanes, TVector>(panel, 1, lane);
            s01 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x0[c + 1]), s01);
            s11 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x1[c + 1]), s11);
            s21 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x2[c + 1]), s21);
            s31 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x3[c + 1]), s31);
            s41 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x4[c + 1]), s41);
            s51 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x5[c + 1]), s51);
        }

        if (c + 2 < columns)
        {
            var w = T.LoadPanel<TLanes, TVector>(panel, 2, lane);
            s02 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x0[c + 2]), s02);
            s12 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x1[c + 2]), s12);
            s22 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x2[c + 2]), s22);
            s32 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x3[c + 2]), s32);
            s42 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x4[c + 2]), s42);
            s52 = TLanes.MultiplyAdd(w, TLanes.Broadcast(x5[c + 2]), s52);
        }

        TLanes.Store(Total(s00, s01, s02, s03), y + lane);
        TLanes.Store(Total(s10, s11, s12, s13), y + (1 * PanelLayout.Rows) + lane);
        TLanes.Store(Total(s20, s21, s22, s23), y + (2 * PanelLayout.Rows) + lane);
        TLanes.Store(Total(s30, s31, s32, s33), y + (3 * PanelLayout.Rows) + lane);
        TLanes.Store(Total(s40, s41, s42, s43), y + (4 * PanelLayout.Rows) + lane);
        TLanes.Store(Total(s50, s51, s52, s53), y + (5 * PanelLayout.Rows) + lane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Total(TVector s0, TVector s1, TVector s2, TVector s3) => TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3));
}

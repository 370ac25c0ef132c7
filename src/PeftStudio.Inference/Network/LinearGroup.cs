using PeftStudio.Inference.Kernels;
using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Threading;

namespace PeftStudio.Inference.Network;

/// <summary>
/// Up to three linears of one input, done as one piece of work: its panels are shared out in contiguous ranges, so that each thread
/// reads its part of the weights in ascending order. Adapters add <c>scale · (x·Aᵀ)·Bᵀ</c> in float32 to the rounded result.
/// </summary>
internal sealed unsafe class LinearGroup<T>
    where T : unmanaged, IElement<T>
{
    // Below this many multiply-adds a second thread costs more than it saves.
    private const long WorthSharing = 32_768;

    private readonly Linear<T>[] _linears;
    private readonly int _panels;

    internal LinearGroup(params Linear<T>[] linears)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(linears.Length, 3);
        _linears = linears;
        foreach (var linear in linears) _panels += linear.Weight.Panels;
    }

    private int InFeatures => _linears[0].InFeatures;

    /// <summary>Multiplies all rows of a pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="input">x [rows, in].</param>
    /// <param name="first">y [rows, out] of the first linear.</param>
    /// <param name="second">y of the second, if there is one.</param>
    /// <param name="third">y of the third, if there is one.</param>
    internal void Run(Pass<T> pass, T* input, T* first, T* second = null, T* third = null)
    {
        var x = Wide(pass, input);
        var together = (long)pass.Rows * _panels * PanelLayout.Rows * InFeatures >= WorthSharing;
        var lowRank = ReserveLowRank(pass, out var rank);
        if (lowRank is not null)
        {
            var down = new DownShare(this, pass, x, lowRank, rank);
            pass.Crew.Run(ref down, together && pass.Rows > 1);
        }

        var products = new ProductShare(this, pass, x, lowRank, rank, first, second, third);
        pass.Crew.Run(ref products, together);
    }

    // Float32 activations are used where they lie.
    private float* Wide(Pass<T> pass, T* input)
    {
        if (typeof(T) == typeof(Float32)) return (float*)input;
        var length = checked(pass.Rows * InFeatures);
        var wide = pass.Wide.Reserve(length);
        T.Widen(new ReadOnlySpan<T>(input, length), new Span<float>(wide, length));
        return wide;
    }

    private float* ReserveLowRank(Pass<T> pass, out int rank)
    {
        rank = 0;
        foreach (ref readonly var segment in pass.Segments)
        {
            if (segment.Adapter is null) continue;
            foreach (var linear in _linears) rank = Math.Max(rank, segment.Adapter.Find(linear.Index)?.PaddedRank ?? 0);
        }

        return rank == 0 ? null : pass.LowRank.Reserve((nint)pass.Rows * _linears.Length * rank);
    }

    // Where x·Aᵀ of one linear starts: [linear, row, rank].
    private static float* LowRankOf(float* lowRank, int linear, int row, int rows, int rank) => lowRank + ((((nint)linear * rows) + row) * rank);

    private readonly struct DownShare(LinearGroup<T> group, Pass<T> pass, float* x, float* lowRank, int rank) : IShare
    {
        public void Run(int part, int parts)
        {
            var unit = 0;
            foreach (ref readonly var segment in pass.Segments)
            {
                for (var i = 0; i < group._linears.Length; i++)
                {
                    if (unit++ % parts != part || segment.Adapter?.Find(group._linears[i].Index) is not { } delta) continue;
                    var sink = new FloatSink(LowRankOf(lowRank, i, segment.First, pass.Rows, rank), rank);
                    PanelProduct.Multiply(
                        delta.Down.View, 0, delta.Down.Panels, x + ((nint)segment.First * group.InFeatures), group.InFeatures, segment.Count, ref sink);
                }
            }
        }
    }

    private readonly struct ProductShare(
        LinearGroup<T> group, Pass<T> pass, float* x, float* lowRank, int rank, T* first, T* second, T* third) : IShare
    {
        public void Run(int part, int parts)
        {
            var from = (int)((long)group._panels * part / parts);
            var to = (int)((long)group._panels * (part + 1) / parts);
            for (var (i, before) = (0, 0); i < group._linears.Length; before += group._linears[i++].Weight.Panels)
            {
                var linear = group._linears[i];
                var start = Math.Max(0, from - before);
                var end = Math.Min(linear.Weight.Panels, to - before);
                if (start >= end) continue;
                var output = i == 0 ? first : i == 1 ? second : third;
                var sink = new StoreSink<T>(output, linear.OutFeatures, linear.OutFeatures, linear.Bias);
                PanelProduct.Multiply(linear.Weight.View, start, end, x, linear.InFeatures, pass.Rows, ref sink);
                if (lowRank is not null) AddDeltas(i, output, start, end);
            }
        }

        private void AddDeltas(int index, T* output, int start, int end)
        {
            var linear = group._linears[index];
            foreach (ref readonly var segment in pass.Segments)
            {
                if (segment.Adapter?.Find(linear.Index) is not { } delta) continue;
                var sink = new AddSink<T>(output + ((nint)segment.First * linear.OutFeatures), linear.OutFeatures, linear.OutFeatures, delta.Scale);
                PanelProduct.Multiply(
                    delta.Up.View, start, end, LowRankOf(lowRank, index, segment.First, pass.Rows, rank), rank, segment.Count, ref sink);
            }
        }
    }
}

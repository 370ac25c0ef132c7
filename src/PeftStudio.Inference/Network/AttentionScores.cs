using System.Numerics.Tensors;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Kernels;
using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Threading;

namespace PeftStudio.Inference.Network;

/// <summary>
/// <c>softmax(q·kᵀ·scale)·v</c> over the caches. A unit of work is one key/value head and a few rows of one sequence, with all query heads
/// that read this head, so that keys and values are loaded once for all of them.
/// </summary>
internal static unsafe class AttentionScores
{
    /// <summary>Most query vectors of a unit: bounds its scores, and fills the six-row kernel.</summary>
    private const int MaxQueries = 48;

    private const long WorthSharing = 32_768;

    /// <summary>Attends every row of a pass to its sequence's keys.</summary>
    /// <param name="pass">The pass; keys and values of its rows are stored already.</param>
    /// <param name="blueprint">Heads and scale.</param>
    /// <param name="layer">Number of the layer.</param>
    /// <param name="query">[rows, H, D].</param>
    /// <param name="attended">[rows, H, D].</param>
    internal static void Run<T>(Pass<T> pass, AttentionBlueprint blueprint, int layer, T* query, T* attended)
        where T : unmanaged, IElement<T>
    {
        var work = 0L;
        foreach (ref readonly var segment in pass.Segments)
        {
            work += (long)segment.Count * (segment.Sequence.Before + segment.Count) * blueprint.Heads * blueprint.HeadSize;
        }

        var share = new Share<T>(pass, blueprint, layer, query, attended);
        pass.Crew.Run(ref share, work >= WorthSharing);
    }

    /// <summary>Rows of a unit: the fewest that make a multiple of six query vectors, if they are not too many.</summary>
    private static int RowsOfUnit(int queriesOfRow)
    {
        for (var rows = 1; rows <= 6 && rows * queriesOfRow <= MaxQueries; rows++)
        {
            if (rows * queriesOfRow % 6 == 0) return rows;
        }

        return 1;
    }

    private readonly struct Share<T>(Pass<T> pass, AttentionBlueprint blueprint, int layer, T* query, T* attended) : IShare
        where T : unmanaged, IElement<T>
    {
        private int QueriesOfRow => blueprint.Heads / blueprint.KeyValueHeads;

        private nint RowWidth => (nint)blueprint.Heads * blueprint.HeadSize;

        public void Run(int part, int parts)
        {
            var rows = RowsOfUnit(QueriesOfRow);
            var unit = 0;
            foreach (ref readonly var segment in pass.Segments)
            {
                for (var first = 0; first < segment.Count; first += rows)
                {
                    for (var head = 0; head < blueprint.KeyValueHeads; head++)
                    {
                        if (unit++ % parts == part) Attend(segment, first, Math.Min(rows, segment.Count - first), head, pass.Parts[part]);
                    }
                }
            }
        }

        private void Attend(in Segment<T> segment, int first, int rows, int head, PartScratch scratch)
        {
            var cache = segment.Sequence.Cache[layer];
            var count = rows * QueriesOfRow;
            var keys = segment.Sequence.Before + first + rows; // what the last row sees
            var stride = (nint)PanelLayout.Count(keys) * PanelLayout.Rows;
            var offset = ((nint)(segment.First + first) * RowWidth) + ((nint)head * QueriesOfRow * blueprint.HeadSize);

            var queries = scratch.Queries.Reserve((nint)count * blueprint.HeadSize);
            var scores = scratch.Scores.Reserve(count * stride);
            GatherQueries(query + offset, rows, queries);
            var scoreSink = new FloatSink(scores, stride);
            PanelProduct.Multiply(cache.Keys(head), 0, PanelLayout.Count(keys), queries, blueprint.HeadSize, count, ref scoreSink);

            for (var i = 0; i < count; i++)
            {
                var row = new Span<float>(scores + (i * stride), keys);
                var visible = keys - rows + (i / QueriesOfRow) + 1;
                Softmax(row[..visible]);
                row[visible..].Clear();
            }

            var valueSink = new AttendedSink<T>(attended + offset, RowWidth, QueriesOfRow, blueprint.HeadSize);
            PanelProduct.Multiply(cache.Values(head, keys), 0, PanelLayout.Count(blueprint.HeadSize), scores, stride, count, ref valueSink);
        }

        // The query heads of a row lie side by side, those of the next row a whole row further.
        private void GatherQueries(T* source, int rows, float* destination)
        {
            var width = QueriesOfRow * blueprint.HeadSize;
            for (var row = 0; row < rows; row++)
            {
                T.Widen(new ReadOnlySpan<T>(source + (row * RowWidth), width), new Span<float>(destination + (row * width), width));
            }
        }

        // Scores and probabilities are rounded where the reference keeps them in the element type; the softmax itself is float32.
        private void Softmax(Span<float> scores)
        {
            T.Round(scores);
            TensorPrimitives.Multiply(scores, blueprint.Scale, scores);
            T.Round(scores);
            TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
            TensorPrimitives.Exp<float>(scores, scores);
            TensorPrimitives.Divide(scores, TensorPrimitives.Sum<float>(scores), scores);
            T.Round(scores);
        }
    }

    /// <summary>Stores results of the query heads of some rows.</summary>
    private readonly struct AttendedSink<T>(T* output, nint rowWidth, int queriesOfRow, int headSize) : IPanelSink
        where T : unmanaged, IElement<T>
    {
        public void Take(int row, int panel, float* values)
        {
            var first = panel * PanelLayout.Rows;
            var count = Math.Min(PanelLayout.Rows, headSize - first);
            var target = output + (row / queriesOfRow * rowWidth) + (row % queriesOfRow * headSize) + first;
            T.Narrow(new ReadOnlySpan<float>(values, count), new Span<T>(target, count));
        }
    }
}

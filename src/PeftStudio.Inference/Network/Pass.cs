using System.Runtime.InteropServices;
using PeftStudio.Inference.Memory;
using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Threading;

namespace PeftStudio.Inference.Network;

/// <summary>
/// One forward pass over some rows of some sequences: what is computed, who computes it, and memory for what lies between the steps.
/// Passes are reused, so that a token allocates nothing.
/// </summary>
internal sealed class Pass<T> : IDisposable
    where T : unmanaged, IElement<T>
{
    private readonly List<Segment<T>> _segments = [];

    internal Pass(int parts, int ropes)
    {
        Parts = new PartScratch[parts];
        for (var i = 0; i < parts; i++) Parts[i] = new PartScratch();
        Angles = new Scratch<float>[ropes];
        for (var i = 0; i < ropes; i++) Angles[i] = new Scratch<float>();
    }

    /// <summary>Number of rows: one a token.</summary>
    internal int Rows { get; private set; }

    /// <summary>Token id of each row.</summary>
    internal List<int> Ids { get; } = [];

    /// <summary>Position of each row, for embeddings and rotations.</summary>
    internal List<int> Positions { get; } = [];

    /// <summary>The sequences, in order of their rows.</summary>
    internal ReadOnlySpan<Segment<T>> Segments => CollectionsMarshal.AsSpan(_segments);

    internal Crew Crew { get; set; }

    internal Scratch<T> Hidden { get; } = new();

    internal Scratch<T> Normed { get; } = new();

    internal Scratch<T> Branch { get; } = new();

    internal Scratch<T> Query { get; } = new();

    internal Scratch<T> Key { get; } = new();

    internal Scratch<T> Value { get; } = new();

    internal Scratch<T> Attended { get; } = new();

    internal Scratch<T> Gate { get; } = new();

    internal Scratch<T> Up { get; } = new();

    internal Scratch<T> Scores { get; } = new();

    /// <summary>Input of linears as float32.</summary>
    internal Scratch<float> Wide { get; } = new();

    /// <summary>x·Aᵀ of adapters.</summary>
    internal Scratch<float> LowRank { get; } = new();

    /// <summary>Cosines and sines, one buffer a rotary setting.</summary>
    internal Scratch<float>[] Angles { get; }

    /// <summary>Memory of each part of a piece of work.</summary>
    internal PartScratch[] Parts { get; }

    internal void Clear()
    {
        Rows = 0;
        Ids.Clear();
        Positions.Clear();
        _segments.Clear();
    }

    /// <summary>Adds rows of one sequence.</summary>
    internal void Add(ReadOnlySpan<int> ids, ReadOnlySpan<int> positions, SequenceRows<T> sequence)
    {
        Ids.AddRange(ids);
        Positions.AddRange(positions);
        _segments.Add(new(Rows, ids.Length, sequence));
        Rows += ids.Length;
    }

    /// <summary>Drops rows whose logits nobody wants: the head need not see them.</summary>
    /// <param name="hidden">The hidden state [rows, width], compacted in place.</param>
    /// <param name="width">E.</param>
    internal unsafe void KeepWanted(T* hidden, int width)
    {
        var kept = 0;
        var segments = 0;
        for (var i = 0; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            var wanted = segment.Sequence.Wanted;
            if (wanted == 0) continue;
            var rows = new ReadOnlySpan<T>(hidden + ((nint)(segment.First + segment.Count - wanted) * width), wanted * width);
            rows.CopyTo(new Span<T>(hidden + ((nint)kept * width), wanted * width));
            _segments[segments++] = segment with { First = kept, Count = wanted };
            kept += wanted;
        }

        _segments.RemoveRange(segments, _segments.Count - segments);
        Rows = kept;
    }

    public void Dispose()
    {
        Hidden.Dispose();
        Normed.Dispose();
        Branch.Dispose();
        Query.Dispose();
        Key.Dispose();
        Value.Dispose();
        Attended.Dispose();
        Gate.Dispose();
        Up.Dispose();
        Scores.Dispose();
        Wide.Dispose();
        LowRank.Dispose();
        foreach (var angles in Angles) angles.Dispose();
        foreach (var part in Parts) part.Dispose();
    }
}

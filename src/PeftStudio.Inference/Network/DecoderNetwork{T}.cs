using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Inference.Adapters;
using PeftStudio.Inference.Memory;
using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Threading;

namespace PeftStudio.Inference.Network;

/// <summary>Interprets a blueprint: embedding, layers, norm, head. Weights, activations and caches are of one element type.</summary>
internal sealed unsafe class DecoderNetwork<T> : DecoderNetwork
    where T : unmanaged, IElement<T>
{
    /// <summary>Rows of a pass: bounds the memory of a long prefill.</summary>
    private const int MaxRows = 256;

    /// <summary>The same when every row wants its logits, V values each.</summary>
    private const int MaxRowsWithLogits = 64;

    private readonly NetworkParts<T> _parts;
    private readonly ThreadTeam _team;
    private readonly Stack<Pass<T>> _idle = new();

    internal DecoderNetwork(Checkpoint checkpoint, IReadOnlyList<LinearDelta> merged, int threads, CancellationToken cancellationToken)
    {
        Blueprint = checkpoint.Blueprint;
        _parts = NetworkParts<T>.Read(checkpoint, merged, threads, cancellationToken);
        _team = new ThreadTeam(threads);
    }

    internal override ModelBlueprint Blueprint { get; }

    internal override IReadOnlyList<LinearShape> Linears => _parts.Shapes;

    internal override long WeightBytes => _parts.Bytes;

    /// <summary>The parts, for tests that look at element types.</summary>
    internal NetworkParts<T> Parts => _parts;

    internal override KeyValueCache CreateCache(int limit) => new KeyValueCache<T>(Blueprint, limit);

    internal override void Forward(ReadOnlySpan<SequenceWork> work, Span<float> logits, CancellationToken cancellationToken)
    {
        var pass = Rent();
        try
        {
            using var crew = Crew.Gather(_team);
            pass.Crew = crew;
            var (index, done) = (0, 0);
            while (index < work.Length)
            {
                var wanted = Fill(pass, work, ref index, ref done);
                Run(pass, logits[..(wanted * Blueprint.VocabularySize)], cancellationToken);
                logits = logits[(wanted * Blueprint.VocabularySize)..];
            }
        }
        finally
        {
            Return(pass);
        }
    }

    public override void Dispose()
    {
        _team.Dispose();
        foreach (var pass in _idle) pass.Dispose();
        _parts.Dispose();
    }

    /// <summary>Takes the next rows, in order of sequences; returns how many of them want logits.</summary>
    private static int Fill(Pass<T> pass, ReadOnlySpan<SequenceWork> work, ref int index, ref int done)
    {
        pass.Clear();
        var wanted = 0;
        for (; index < work.Length; index++, done = 0)
        {
            ref readonly var sequence = ref work[index];
            var room = (sequence.Wanted > 1 ? MaxRowsWithLogits : MaxRows) - pass.Rows;
            if (room <= 0) break;
            var count = Math.Min(room, sequence.Ids.Length - done);
            var left = sequence.Ids.Length - done - count;
            var wantedHere = Math.Clamp(sequence.Wanted - left, 0, count);
            var cache = (KeyValueCache<T>)sequence.Cache;
            cache.Reserve(sequence.Before + done + count);
            pass.Add(
                sequence.Ids.Span.Slice(done, count), sequence.Positions.Span.Slice(done, count),
                new(cache, sequence.Before + done, wantedHere, sequence.RopeLength, sequence.Adapter));
            wanted += wantedHere;
            done += count;
            if (left > 0) break;
        }

        return wanted;
    }

    private void Run(Pass<T> pass, Span<float> logits, CancellationToken cancellationToken)
    {
        var hidden = pass.Hidden.Reserve((nint)pass.Rows * Blueprint.HiddenSize);
        _parts.Embedding.Run(pass, hidden);
        foreach (var rotary in _parts.Rotaries) rotary.Prepare(pass);
        foreach (var layer in _parts.Layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            layer.Run(pass, hidden);
        }

        cancellationToken.ThrowIfCancellationRequested();
        pass.KeepWanted(hidden, Blueprint.HiddenSize);
        if (pass.Rows == 0) return;
        _parts.FinalNorm?.Run(pass, hidden, hidden);
        _parts.Head.Run(pass, hidden, logits);
    }

    private Pass<T> Rent()
    {
        lock (_idle)
        {
            if (_idle.TryPop(out var pass)) return pass;
        }

        return new Pass<T>(_team.Size, _parts.Rotaries.Count);
    }

    private void Return(Pass<T> pass)
    {
        pass.Clear();
        lock (_idle) _idle.Push(pass);
    }
}

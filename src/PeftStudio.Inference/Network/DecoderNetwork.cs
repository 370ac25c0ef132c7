using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Adapters;

namespace PeftStudio.Inference.Network;

/// <summary>A decoder in memory, whatever the element type of its weights.</summary>
internal abstract class DecoderNetwork : IDisposable
{
    /// <summary>What it was built from.</summary>
    internal abstract ModelBlueprint Blueprint { get; }

    /// <summary>Its linears; adapters refer to them by index.</summary>
    internal abstract IReadOnlyList<LinearShape> Linears { get; }

    /// <summary>Bytes of weights.</summary>
    internal abstract long WeightBytes { get; }

    /// <summary>An empty cache for one sequence.</summary>
    /// <param name="limit">Most positions there will ever be.</param>
    internal abstract KeyValueCache CreateCache(int limit);

    /// <summary>Computes rows of some sequences and appends them to their caches.</summary>
    /// <param name="work">Rows of at least one sequence; ids inside the vocabulary.</param>
    /// <param name="logits">[wanted rows of all sequences in order, V].</param>
    /// <param name="cancellationToken">Checked before every layer; caches are then as before, for what lies beyond their length does not count.</param>
    internal abstract void Forward(ReadOnlySpan<SequenceWork> work, Span<float> logits, CancellationToken cancellationToken);

    public abstract void Dispose();
}

/// <summary>New tokens of one sequence.</summary>
/// <param name="Cache">Its past.</param>
/// <param name="Before">Tokens in the cache.</param>
/// <param name="Ids">New tokens, at least one.</param>
/// <param name="Positions">A position a token.</param>
/// <param name="Wanted">How many tokens, from the last backwards, need logits.</param>
/// <param name="RopeLength">Largest position plus one, for rotary rules that depend on the length.</param>
/// <param name="Adapter">Adapter, or null.</param>
internal readonly record struct SequenceWork(
    KeyValueCache Cache, int Before, ReadOnlyMemory<int> Ids, ReadOnlyMemory<int> Positions, int Wanted, long RopeLength, LoadedAdapter? Adapter);

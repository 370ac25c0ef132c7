using PeftStudio.Inference.Adapters;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Network;

/// <summary>Rows of a pass that belong to one sequence.</summary>
/// <param name="First">First row.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Sequence">What the rows have in common.</param>
internal readonly record struct Segment<T>(int First, int Count, SequenceRows<T> Sequence)
    where T : unmanaged, IElement<T>
{
    internal LoadedAdapter? Adapter => Sequence.Adapter;
}

/// <summary>What the rows of one sequence have in common.</summary>
/// <param name="Cache">Keys and values of the sequence.</param>
/// <param name="Before">Tokens of the sequence before these rows, all in the cache.</param>
/// <param name="Wanted">How many rows, from the last backwards, need logits.</param>
/// <param name="RopeLength">Largest position plus one, for rotary rules that depend on the length.</param>
/// <param name="Adapter">Adapter of the sequence, or null.</param>
internal readonly record struct SequenceRows<T>(KeyValueCache<T> Cache, int Before, int Wanted, long RopeLength, LoadedAdapter? Adapter)
    where T : unmanaged, IElement<T>;

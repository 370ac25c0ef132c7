using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Kernels;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Network;

/// <summary>What a sequence keeps of its past, whatever the element type.</summary>
internal abstract class KeyValueCache : IDisposable
{
    /// <summary>Bytes of memory.</summary>
    internal abstract long Bytes { get; }

    public abstract void Dispose();
}

/// <summary>Keys and values of every layer of one sequence. Room grows by doubling up to the context's length.</summary>
internal sealed class KeyValueCache<T> : KeyValueCache
    where T : unmanaged, IElement<T>
{
    private const int FirstCapacity = 64;

    private readonly LayerCache<T>[] _layers;
    private readonly int _limit;
    private int _capacity;

    /// <param name="blueprint">Gives heads and their size, layer by layer.</param>
    /// <param name="limit">Most positions there will ever be.</param>
    internal KeyValueCache(ModelBlueprint blueprint, int limit)
    {
        _limit = RoundUp(limit);
        _layers = blueprint.Layers.Select(l => new LayerCache<T>(l.Attention.KeyValueHeads, l.Attention.HeadSize)).ToArray();
    }

    internal override long Bytes => _layers.Sum(l => l.Bytes);

    internal LayerCache<T> this[int layer] => _layers[layer];

    /// <summary>Makes room for positions 0 to <paramref name="length"/> − 1; what is there stays.</summary>
    internal void Reserve(int length)
    {
        if (length <= _capacity) return;
        var wanted = (int)Math.Min(_limit, Math.Max(RoundUp(length), Math.Max(FirstCapacity, 2L * _capacity)));
        foreach (var layer in _layers) layer.Grow(wanted);
        _capacity = wanted;
    }

    public override void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
    }

    private static int RoundUp(int length) => checked(PanelLayout.Count(length) * PanelLayout.Rows);
}

using PeftStudio.Inference.Memory;

namespace PeftStudio.Inference.Adapters;

/// <summary>An adapter in memory: updates by the number of their linear. Sessions that use it keep it alive after it is unloaded.</summary>
internal sealed class LoadedAdapter
{
    private readonly LowRank?[] _updates;

    private LoadedAdapter(string name, LowRank?[] updates)
    {
        Name = name;
        _updates = updates;
        Lifetime = new Lifetime(Free);
    }

    internal string Name { get; }

    internal Lifetime Lifetime { get; }

    /// <summary>Packs updates for the linears of a model.</summary>
    /// <param name="name">Name of the adapter.</param>
    /// <param name="deltas">At most one a linear.</param>
    /// <param name="linears">The model's linears; a number is an index here.</param>
    internal static LoadedAdapter Pack(string name, IReadOnlyList<LinearDelta> deltas, IReadOnlyList<LinearShape> linears)
    {
        var updates = new LowRank?[linears.Count];
        var adapter = new LoadedAdapter(name, updates);
        try
        {
            foreach (var (index, delta) in DeltaCheck.ByLinear(deltas, linears))
            {
                updates[index] = LowRank.Pack(delta, linears[index].InFeatures, linears[index].OutFeatures);
            }

            return adapter;
        }
        catch
        {
            adapter.Lifetime.Close();
            throw;
        }
    }

    /// <summary>The update of a linear, or null.</summary>
    internal LowRank? Find(int linear) => _updates[linear];

    private void Free()
    {
        foreach (var update in _updates) update?.Dispose();
    }
}

using PeftStudio.Inference.Kernels;
using PeftStudio.Inference.Memory;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Network;

/// <summary>
/// Keys and values of one layer and one sequence, in panels: keys with positions as rows, values with elements of the head as rows.
/// So scores and the weighted sum of values are the same kind of product as a linear, and no sum runs across lanes.
/// </summary>
/// <param name="keyValueHeads">K.</param>
/// <param name="headSize">D.</param>
internal sealed unsafe class LayerCache<T>(int keyValueHeads, int headSize) : IDisposable
    where T : unmanaged, IElement<T>
{
    private readonly nint _keyPanel = T.PanelLength(headSize);
    private readonly int _valuePanels = PanelLayout.Count(headSize);
    private NativeBuffer<T>? _keys;
    private NativeBuffer<T>? _values;
    private int _capacity;

    /// <summary>Bytes of memory.</summary>
    internal long Bytes => ((_keys?.Length ?? 0) + (_values?.Length ?? 0)) * (long)sizeof(T);

    private nint KeysOfHead => PanelLayout.Count(_capacity) * _keyPanel;

    /// <summary>Makes room for positions; what is there stays.</summary>
    /// <param name="capacity">A multiple of 16.</param>
    internal void Grow(int capacity)
    {
        if (capacity <= _capacity) return;
        var (oldKeys, oldValues, oldKeysOfHead, oldPanel) = (_keys, _values, KeysOfHead, T.PanelLength(_capacity));
        var newPanel = T.PanelLength(capacity);
        var keys = new NativeBuffer<T>(keyValueHeads * PanelLayout.Count(capacity) * _keyPanel);
        NativeBuffer<T> values;
        try
        {
            values = new NativeBuffer<T>(keyValueHeads * _valuePanels * newPanel);
        }
        catch
        {
            keys.Dispose();
            throw;
        }

        _capacity = capacity;
        (_keys, _values) = (keys, values);
        if (oldKeys is null || oldValues is null) return;
        for (var head = 0; head < keyValueHeads; head++) Copy(oldKeys.Start + (head * oldKeysOfHead), keys.Start + (head * KeysOfHead), oldKeysOfHead);
        for (var panel = 0; panel < keyValueHeads * _valuePanels; panel++)
        {
            Copy(oldValues.Start + (panel * oldPanel), values.Start + (panel * newPanel), oldPanel);
        }

        oldKeys.Dispose();
        oldValues.Dispose();
    }

    /// <summary>Keys of a head: [positions, D].</summary>
    internal PanelView<T> Keys(int head) => new((nint)(_keys!.Start + (head * KeysOfHead)), _keyPanel, headSize);

    /// <summary>Values of a head, transposed: [D, positions].</summary>
    /// <param name="head">Which head.</param>
    /// <param name="positions">How many positions are added up.</param>
    internal PanelView<T> Values(int head, int positions)
    {
        var panel = T.PanelLength(_capacity);
        return new((nint)(_values!.Start + (head * _valuePanels * panel)), panel, positions);
    }

    /// <summary>Stores one position.</summary>
    /// <param name="position">Slot, below the capacity.</param>
    /// <param name="keys">[K, D].</param>
    /// <param name="values">[K, D].</param>
    internal void Store(int position, ReadOnlySpan<float> keys, ReadOnlySpan<float> values)
    {
        var valuePanel = T.PanelLength(_capacity);
        var lane = position % PanelLayout.Rows;
        for (var head = 0; head < keyValueHeads; head++)
        {
            var key = keys.Slice(head * headSize, headSize);
            var value = values.Slice(head * headSize, headSize);
            var keyStart = _keys!.Start + (head * KeysOfHead) + (position / PanelLayout.Rows * _keyPanel);
            var valueStart = _values!.Start + (head * _valuePanels * valuePanel);
            for (var d = 0; d < headSize; d++)
            {
                keyStart[T.PanelIndex(lane, d)] = T.Narrow(key[d]);
                valueStart[(d / PanelLayout.Rows * valuePanel) + T.PanelIndex(d % PanelLayout.Rows, position)] = T.Narrow(value[d]);
            }
        }
    }

    public void Dispose()
    {
        _keys?.Dispose();
        _values?.Dispose();
    }

    private static void Copy(T* source, T* destination, nint length) =>
        System.Runtime.InteropServices.NativeMemory.Copy(source, destination, (nuint)length * (nuint)sizeof(T));
}

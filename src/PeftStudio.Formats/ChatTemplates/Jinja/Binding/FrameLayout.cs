namespace PeftStudio.Formats.ChatTemplates.Jinja.Binding;

/// <summary>Slots of a frame and how each is filled when the frame is entered.</summary>
internal sealed class FrameLayout
{
    private readonly Dictionary<string, int> slots = new(StringComparer.Ordinal);

    /// <summary>Number of slots.</summary>
    internal int Count => slots.Count;

    /// <summary>Slots that do not begin unset, with their sources.</summary>
    internal KeyValuePair<int, SlotLoad>[] Loads { get; private set; } = [];

    internal int SlotOf(string name)
    {
        if (!slots.TryGetValue(name, out var slot)) slots[name] = slot = slots.Count;
        return slot;
    }

    internal void SetLoads(Dictionary<int, SlotLoad> loads) => Loads = [.. loads.Where(static load => load.Value != SlotLoad.Unset)];
}

/// <summary>A slot of this frame or of one further out.</summary>
/// <param name="Hops">Frames to go out.</param>
/// <param name="Slot">The slot there.</param>
internal readonly record struct SlotReference(int Hops, int Slot);

/// <summary>How a slot gets its first value: by name from the context, as a copy of an outer slot, or not at all.</summary>
/// <param name="Name">The name, or null.</param>
/// <param name="Outer">The outer slot, or null.</param>
internal readonly record struct SlotLoad(string? Name, SlotReference? Outer)
{
    internal static SlotLoad Unset => default;

    internal static SlotLoad Resolve(string name) => new(name, null);

    internal static SlotLoad Copy(SlotReference outer) => new(null, outer);
}

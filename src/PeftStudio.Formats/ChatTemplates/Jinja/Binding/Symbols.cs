namespace PeftStudio.Formats.ChatTemplates.Jinja.Binding;

/// <summary>
/// The names of one frame and how each gets its first value. Jinja decides this before rendering: a name that a loop sets is the loop's own
/// everywhere in the loop, begins as a copy of the outer one, and is gone when the loop ends.
/// </summary>
internal sealed class Symbols(Symbols? parent = null)
{
    private readonly Dictionary<string, int> references = new(StringComparer.Ordinal);
    private readonly Dictionary<int, SlotLoad> loads = [];

    internal Symbols? Parent { get; } = parent;

    /// <summary>Slots of the frame; shared by the copies that branches of an <c>if</c> work on.</summary>
    internal FrameLayout Layout { get; private init; } = new();

    /// <summary>Names that are set in this frame.</summary>
    internal HashSet<string> Stores { get; } = new(StringComparer.Ordinal);

    /// <summary>Where a name lives: how many frames up, and in which slot.</summary>
    internal SlotReference? Find(string name)
    {
        var hops = 0;
        for (var symbols = this; symbols is not null; symbols = symbols.Parent, hops++)
        {
            if (symbols.references.TryGetValue(name, out var slot)) return new SlotReference(hops, slot);
        }

        return null;
    }

    /// <summary>Notes that a name is read: unknown so far, it comes from what the rendering was given.</summary>
    internal void Load(string name)
    {
        if (Find(name) is null) Define(name, SlotLoad.Resolve(name));
    }

    /// <summary>Notes that a name is set.</summary>
    internal void Store(string name)
    {
        Stores.Add(name);
        if (references.ContainsKey(name)) return;
        Define(name, Outer(name) is { } outer ? SlotLoad.Copy(outer) : SlotLoad.Unset);
    }

    /// <summary>Notes a parameter, which the frame's creator sets.</summary>
    internal int Parameter(string name)
    {
        Stores.Add(name);
        return Define(name, null);
    }

    /// <summary>A copy for one branch of an <c>if</c>.</summary>
    internal Symbols Branch()
    {
        var copy = new Symbols(Parent) { Layout = Layout };
        copy.TakeOver(this);
        return copy;
    }

    /// <summary>
    /// Takes over what branches noted. A name that only branches set may not be set when it is read behind them, so it begins as the
    /// outer or given one.
    /// </summary>
    internal void Join(params ReadOnlySpan<Symbols> branches)
    {
        var stores = new HashSet<string>(StringComparer.Ordinal);
        foreach (var branch in branches) stores.UnionWith(branch.Stores);
        stores.ExceptWith(Stores);
        foreach (var branch in branches) TakeOver(branch);

        foreach (var name in stores)
        {
            loads[references[name]] = Outer(name) is { } outer ? SlotLoad.Copy(outer) : SlotLoad.Resolve(name);
        }
    }

    /// <summary>Fixes the frame's layout once all its names are known.</summary>
    internal FrameLayout Seal()
    {
        Layout.SetLoads(loads);
        return Layout;
    }

    private void TakeOver(Symbols other)
    {
        foreach (var (name, slot) in other.references) references[name] = slot;
        foreach (var (slot, load) in other.loads) loads[slot] = load;
        Stores.UnionWith(other.Stores);
    }

    private SlotReference? Outer(string name) => Parent?.Find(name) is { } found ? found with { Hops = found.Hops + 1 } : null;

    private int Define(string name, SlotLoad? load)
    {
        var slot = Layout.SlotOf(name);
        references[name] = slot;
        if (load is { } known) loads[slot] = known;
        else loads.Remove(slot);
        return slot;
    }
}

using PeftStudio.Formats.ChatTemplates.Jinja.Binding;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

/// <summary>Variables of one entry into a frame: the template, one round of a loop, one call of a macro.</summary>
internal sealed class Frame
{
    private readonly object?[] slots;

    internal Frame(RenderContext context, FrameLayout layout, Frame? outer)
    {
        Context = context;
        Outer = outer;
        slots = layout.Count == 0 ? [] : new object?[layout.Count];
        Array.Fill(slots, Missing.Value);
        foreach (var (slot, load) in layout.Loads)
        {
            slots[slot] = load.Name is { } name ? context.Resolve(name) : this[load.Outer!.Value];
        }
    }

    internal RenderContext Context { get; }

    internal Frame? Outer { get; }

    internal object? this[int slot]
    {
        set => slots[slot] = value;
    }

    /// <summary>The value of a slot here or further out; <see cref="Missing.Value"/> while it has none.</summary>
    internal object? this[SlotReference reference]
    {
        get
        {
            var frame = this;
            for (var hops = reference.Hops; hops > 0; hops--) frame = frame.Outer!;
            return frame.slots[reference.Slot];
        }

        set
        {
            var frame = this;
            for (var hops = reference.Hops; hops > 0; hops--) frame = frame.Outer!;
            frame.slots[reference.Slot] = value;
        }
    }
}

using System.Runtime.CompilerServices;
using PeftStudio.Formats.ChatTemplates.Jinja.Values;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

/// <summary>
/// Counts what a rendering costs, so that a template from a stranger can neither hang nor fill memory: every loop round, call and piece
/// of text is charged here, in proportion to its size.
/// </summary>
internal sealed class Meter
{
    /// <summary>Characters of text that cost as much as one step.</summary>
    private const int CharactersPerStep = 32;

    private readonly ChatTemplateLimits limits;
    private long remaining;
    private int depth;

    internal Meter(ChatTemplateLimits limits)
    {
        this.limits = limits;
        remaining = limits.MaxSteps;
        Keys = new KeyComparer(this);
    }

    /// <summary>Compares dictionary keys as Python does, at this meter's cost.</summary>
    internal KeyComparer Keys { get; }

    internal int MaxCharacters => limits.MaxCharacters;

    /// <summary>Charges one step.</summary>
    internal void Step()
    {
        if (--remaining < 0) throw OutOfSteps();
    }

    /// <summary>Charges as many steps as items are touched.</summary>
    internal void Steps(long count)
    {
        if ((remaining -= count) < 0) throw OutOfSteps();
    }

    /// <summary>Charges reading a text of this length.</summary>
    internal void Read(int characters) => Steps(1 + (characters / CharactersPerStep));

    /// <summary>Charges making a text of this length, and refuses it beforehand when it is longer than any text may be.</summary>
    internal void Make(long characters)
    {
        if (characters > limits.MaxCharacters)
        {
            throw JinjaError.Limit($"a text of more than {limits.MaxCharacters} characters (MaxCharacters)");
        }

        Steps(1 + (characters / CharactersPerStep));
    }

    /// <summary>Charges making a list of this length, and refuses it beforehand when it is too long.</summary>
    internal void MakeItems(long count)
    {
        if (count > limits.MaxCharacters)
        {
            throw JinjaError.Limit($"a list of more than {limits.MaxCharacters} items (MaxCharacters)");
        }

        Steps(1 + count);
    }

    /// <summary>Goes one level deeper into nested calls or values; <see cref="Leave"/> comes back.</summary>
    internal void Enter()
    {
        if (++depth > limits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw JinjaError.Limit($"calls or values nested more than {limits.MaxDepth} deep (MaxDepth)");
        }
    }

    /// <summary>Comes back from one level of nesting.</summary>
    internal void Leave() => depth--;

    private JinjaError OutOfSteps() => JinjaError.Limit($"more than {limits.MaxSteps} steps (MaxSteps)");
}

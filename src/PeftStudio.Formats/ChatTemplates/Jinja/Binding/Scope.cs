namespace PeftStudio.Formats.ChatTemplates.Jinja.Binding;

/// <summary>Where in a template a node stands, for the pass that binds names after parsing.</summary>
/// <param name="Symbols">Names of the frame.</param>
internal sealed record Scope(Symbols Symbols)
{
    /// <summary>Whether names set here are visible to blocks: at the top, branches of an <c>if</c> included.</summary>
    internal bool TopLevel { get; init; }

    /// <summary>Whether <c>break</c> and <c>continue</c> have a loop.</summary>
    internal bool InLoop { get; init; }

    /// <summary>Inside a branch, where an unknown filter or test is an error only when it is reached.</summary>
    internal bool Conditional { get; init; }

    internal EscapeMode Escape { get; init; }

    /// <summary>Names of blocks already seen.</summary>
    internal required HashSet<string> BlockNames { get; init; }

    /// <summary>The scope of a frame of its own inside this one.</summary>
    internal Scope Inner(Symbols symbols, bool? inLoop = null) => this with
    {
        Symbols = symbols,
        TopLevel = false,
        Conditional = false,
        InLoop = inLoop ?? InLoop,
    };

    /// <summary>The scope of a branch.</summary>
    internal Scope Branch() => this with { Conditional = true };
}

/// <summary>Whether printed values are escaped.</summary>
internal enum EscapeMode
{
    /// <summary>Never, as everywhere outside of <c>autoescape</c>.</summary>
    Off,

    /// <summary>Always.</summary>
    On,

    /// <summary>As the rendering's state says.</summary>
    Dynamic,
}

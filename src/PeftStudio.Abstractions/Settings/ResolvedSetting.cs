namespace PeftStudio;

/// <summary>Where a setting's value comes from, from weakest to strongest.</summary>
public enum SettingOrigin
{
    /// <summary>Built in.</summary>
    Default,

    /// <summary>A named set of values.</summary>
    Preset,

    /// <summary>A configuration file.</summary>
    File,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>A command line.</summary>
    CommandLine,

    /// <summary>The host's own code.</summary>
    Code,
}

/// <summary>A setting as it holds for a run.</summary>
/// <param name="Key">Its path, such as <c>Training:LearningRate</c>.</param>
/// <param name="Value">Its value in invariant culture; null when there is none.</param>
/// <param name="Origin">Where the value comes from.</param>
public sealed record ResolvedSetting(string Key, string? Value, SettingOrigin Origin)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key} = {Value ?? "none"} ({Origin})";
}

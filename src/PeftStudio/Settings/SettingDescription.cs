namespace PeftStudio;

/// <summary>Describes a setting of a fine-tuning: its key in configuration, its default and what it does.</summary>
/// <param name="Key">Path below <c>PeftStudio</c> in configuration, such as <c>Training:LearningRate</c>.</param>
/// <param name="Default">Built-in value in invariant culture; null when there is none.</param>
/// <param name="Help">One line: meaning, unit and range.</param>
public sealed record SettingDescription(string Key, string? Default, string Help)
{
    /// <summary>Name as a command-line option, such as <c>--learning-rate</c>.</summary>
    public string OptionName
    {
        get
        {
            var name = Key[(Key.LastIndexOf(':') + 1)..];
            return "--" + string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? string.Empty : "-") + char.ToLowerInvariant(c) : c.ToString()));
        }
    }
}

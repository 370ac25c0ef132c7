namespace PeftStudio.QuickStart;

/// <summary>
/// What this program sets beyond the library's defaults: values that suit a model of 260 thousand parameters,
/// which learns with rates that would ruin a large one.
/// </summary>
internal static class QuickStartPreset
{
    internal static IReadOnlyDictionary<string, string> Values { get; } = new Dictionary<string, string>
    {
        ["Model"] = Path.Combine(AppContext.BaseDirectory, "data", "models", "stories260k"),
        ["Dataset"] = Path.Combine(AppContext.BaseDirectory, "data", "shakespeare.txt"),
        ["Lora:Rank"] = "16",
        ["Lora:Alpha"] = "32",
        ["Lora:TargetModules"] = "all-linear",
        ["Training:Steps"] = "200",
        ["Training:LearningRate"] = "0.005",
        ["Training:BatchSize"] = "8",
        ["Training:GradientAccumulation"] = "1",
        ["Training:MaxLength"] = "256",
        ["Training:Schedule"] = "Cosine",
        ["Training:WeightDecay"] = "0",
    };

    /// <summary>The beginnings that the model continues before and after training.</summary>
    internal static IReadOnlyList<string> Prompts { get; } = ["ROMEO:", "First Citizen:\nBefore we", "KING RICHARD III:\nO, "];

    /// <summary>Puts the preset and the command line's values on a fine-tuning.</summary>
    internal static FineTuneBuilder Apply(FineTuneBuilder builder, IReadOnlyDictionary<string, string> commandLine)
    {
        foreach (var (key, value) in Values.Where(v => v.Key != "Model")) builder.With(key, value, SettingOrigin.Preset);
        foreach (var (key, value) in commandLine) builder.With(key, value, SettingOrigin.CommandLine);

        // Epochs given on the command line must not be overridden by the preset's number of steps.
        if (commandLine.ContainsKey("Training:Epochs") && !commandLine.ContainsKey("Training:Steps")) builder.With("Training:Steps", null, SettingOrigin.CommandLine);
        return builder;
    }
}

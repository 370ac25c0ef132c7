using System.Globalization;
using PeftStudio.Engine;
using PeftStudio.Formats.Adapters;
using PeftStudio.Training.Optimization;
using PeftStudio.Training.Runs;

namespace PeftStudio;

/// <summary>Turns the texts of settings into a run's request and reports every text that cannot be read at once.</summary>
internal sealed class RequestReader(SettingLayers settings)
{
    private const string PatternMark = "regex:";

    // Recorded in full, so that a run can be resumed from another working folder.
    private static readonly string[] Paths =
        [FineTuneSettings.Model, FineTuneSettings.Dataset, FineTuneSettings.ValidationDataset, FineTuneSettings.Output];

    private readonly List<string> _faults = [];

    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidOptions"/>, naming each unreadable or missing setting and its origin.</exception>
    internal RunRequest Read(bool resume)
    {
        var request = new RunRequest
        {
            Model = FullPath(Required(FineTuneSettings.Model, ".FineTune(\"folder\")")),
            Dataset = FullPath(Required(FineTuneSettings.Dataset, ".WithDataset(\"file\")")),
            ValidationDataset = Text(FineTuneSettings.ValidationDataset) is { } held ? FullPath(held) : null,
            Output = FullPath(Required(FineTuneSettings.Output, ".WithOutput(\"folder\")")),
            Lora = new LoraConfiguration
            {
                Rank = Integer(FineTuneSettings.Rank) ?? 0,
                Alpha = Number(FineTuneSettings.Alpha) ?? 0,
                Dropout = Number(FineTuneSettings.Dropout) ?? 0,
                TargetModules = Modules(FineTuneSettings.TargetModules),
                ExcludeModules = Modules(FineTuneSettings.ExcludeModules),
                LayersToTransform = [.. List(FineTuneSettings.LayersToTransform, ',').Select(t => Parse<int>(FineTuneSettings.LayersToTransform, t) ?? 0)],
                UseRsLora = Flag(FineTuneSettings.UseRsLora),
                Initialization = Choice<LoraInitialization>(FineTuneSettings.Initialization),
                RankPattern = Pattern<int>(FineTuneSettings.RankPattern),
                AlphaPattern = Pattern<double>(FineTuneSettings.AlphaPattern),
            },
            Training = new TrainingOptions
            {
                LearningRate = Number(FineTuneSettings.LearningRate) ?? 0,
                Steps = Integer(FineTuneSettings.Steps),
                Epochs = Number(FineTuneSettings.Epochs) ?? 0,
                BatchSize = Integer(FineTuneSettings.BatchSize) ?? 0,
                GradientAccumulation = Integer(FineTuneSettings.GradientAccumulation) ?? 0,
                WarmupSteps = Integer(FineTuneSettings.WarmupSteps),
                WarmupRatio = Number(FineTuneSettings.WarmupRatio) ?? 0,
                Schedule = Choice<ScheduleKind>(FineTuneSettings.Schedule),
                Optimizer = Choice<OptimizerKind>(FineTuneSettings.Optimizer),
                WeightDecay = Number(FineTuneSettings.WeightDecay) ?? 0,
                MaxGradientNorm = Number(FineTuneSettings.MaxGradientNorm) ?? 0,
                LabelSmoothing = Number(FineTuneSettings.LabelSmoothing) ?? 0,
                MaxLength = Integer(FineTuneSettings.MaxLength),
                ValidationPart = Number(FineTuneSettings.ValidationPart),
                Precision = Choice<ComputeType>(FineTuneSettings.Precision),
                SaveSteps = Integer(FineTuneSettings.SaveSteps),
                KeepCheckpoints = Integer(FineTuneSettings.KeepCheckpoints) ?? 0,
                Seed = Integer(FineTuneSettings.Seed) ?? 0,
            },
            Resume = resume,
            Settings = [.. settings.Resolved.Select(s => Paths.Contains(s.Key) && s.Value is { Length: > 0 } path ? s with { Value = FullPath(path) } : s)],
        };
        if (_faults.Count == 0) return request;
        throw new PeftStudioException(
            ErrorCodes.InvalidOptions, _faults.Count == 1 ? "a setting is missing or not readable" : $"{_faults.Count} settings are missing or not readable",
            string.Join("\n", _faults), "nothing was started", "correct each where it comes from");
    }

    private string? Text(string key) => settings[key].Value is { Length: > 0 } value ? value : null;

    private string Required(string key, string how)
    {
        if (Text(key) is { } value) return value;
        _faults.Add($"{key}: missing; set it with {how} or in configuration");
        return string.Empty;
    }

    private static string FullPath(string path) => path.Length == 0 ? path : Path.GetFullPath(path);

    private int? Integer(string key) => Text(key) is { } text ? Parse<int>(key, text) : null;

    private double? Number(string key) => Text(key) is { } text ? Parse<double>(key, text) : null;

    private bool Flag(string key)
    {
        if (Text(key) is not { } text) return false;
        if (bool.TryParse(text, out var flag)) return flag;
        Fault(key, text, "true or false");
        return false;
    }

    private T Choice<T>(string key)
        where T : struct, Enum
    {
        var text = Text(key);
        if (text is not null && !char.IsAsciiDigit(text[0]) && Enum.TryParse<T>(text.Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true, out var value)) return value;
        Fault(key, text ?? "nothing", string.Join(", ", Enum.GetNames<T>()));
        return default;
    }

    private T? Parse<T>(string key, string text)
        where T : struct, IParsable<T>
    {
        if (T.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var value)) return value;
        Fault(key, text, typeof(T) == typeof(int) ? "a whole number" : "a number");
        return null;
    }

    private string[] List(string key, char separator) =>
        Text(key)?.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private TargetModules? Modules(string key)
    {
        if (Text(key) is not { } text) return null;
        if (text.StartsWith(PatternMark, StringComparison.OrdinalIgnoreCase)) return TargetModules.Matching(text[PatternMark.Length..]);
        return string.Equals(text, "all-linear", StringComparison.OrdinalIgnoreCase) ? TargetModules.AllLinear : TargetModules.Named(List(key, ','));
    }

    private KeyValuePair<string, T>[] Pattern<T>(string key)
        where T : struct, IParsable<T>
    {
        var pairs = new List<KeyValuePair<string, T>>();
        foreach (var entry in List(key, ';'))
        {
            var at = entry.LastIndexOf('=');
            if (at <= 0) Fault(key, entry, "pattern=value");
            else if (Parse<T>(key, entry[(at + 1)..]) is { } value) pairs.Add(new(entry[..at], value));
        }

        return [.. pairs];
    }

    private void Fault(string key, string found, string expected) => _faults.Add($"{key}: '{found}' ({settings[key].Origin}); expected {expected}");
}

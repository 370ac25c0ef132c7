using PeftStudio.Training.Runs;

namespace PeftStudio;

/// <summary>Describes a fine-tuning and starts it.</summary>
public sealed class FineTuneBuilder
{
    private readonly SettingLayers _settings;
    private readonly RunStarter _starter;
    private readonly TimeProvider _clock;

    internal FineTuneBuilder(SettingLayers settings, RunStarter starter, TimeProvider clock)
    {
        _settings = settings;
        _starter = starter;
        _clock = clock;
    }

    /// <summary>The file to train on: JSONL, JSON, CSV, TSV, Parquet or plain text, also gzipped.</summary>
    public FineTuneBuilder WithDataset(string path) => With(FineTuneSettings.Dataset, path);

    /// <summary>A file of held-out rows; without it a part of the dataset is held out.</summary>
    public FineTuneBuilder WithValidationDataset(string path) => With(FineTuneSettings.ValidationDataset, path);

    /// <summary>The folder of the run; a new one below <c>runs</c> unless given.</summary>
    public FineTuneBuilder WithOutput(string folder) => With(FineTuneSettings.Output, folder);

    /// <summary>Describes the adapter.</summary>
    public FineTuneBuilder WithLora(Action<LoraBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new LoraBuilder(_settings));
        return this;
    }

    /// <summary>Describes the training.</summary>
    public FineTuneBuilder WithTraining(Action<TrainingBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new TrainingBuilder(_settings));
        return this;
    }

    /// <summary>Sets any setting by its key, as a command line or a preset does. A stronger origin is never overridden by a weaker one.</summary>
    /// <param name="key">One of <see cref="FineTuneSettings.All"/>.</param>
    /// <param name="value">Its value in invariant culture.</param>
    /// <param name="origin">Where the value comes from.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidOptions"/>: there is no such setting.</exception>
    public FineTuneBuilder With(string key, string? value, SettingOrigin origin = SettingOrigin.Code)
    {
        _settings.Set(key, value, origin);
        return this;
    }

    /// <summary>Every setting with the value that holds now and where it comes from.</summary>
    public IReadOnlyList<ResolvedSetting> Settings => _settings.Resolved;

    /// <summary>Checks everything that can be checked, then trains in the background.</summary>
    /// <param name="cancellationToken">Cancels the checks; a started run is stopped through its handle.</param>
    /// <exception cref="PeftStudioException">What is wrong; nothing was started.</exception>
    public Task<TrainingRun> StartAsync(CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrEmpty(_settings[FineTuneSettings.Output].Value)) _settings.Set(FineTuneSettings.Output, FreshFolder(), SettingOrigin.Default);
        return _starter.StartAsync(new RequestReader(_settings).Read(resume: false), cancellationToken);
    }

    internal Task<TrainingRun> ResumeAsync(CancellationToken cancellationToken) =>
        _starter.StartAsync(new RequestReader(_settings).Read(resume: true), cancellationToken);

    private string FreshFolder()
    {
        var model = _settings[FineTuneSettings.Model].Value ?? "model";
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(model));
        return Path.Combine("runs", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}-{_clock.GetLocalNow():yyyyMMdd-HHmmss}"));
    }
}

using Microsoft.Extensions.Configuration;
using PeftStudio.Training.Runs;

namespace PeftStudio;

internal sealed class Studio(TimeProvider clock, IConfiguration? configuration, IAsyncDisposable? owned = null) : IPeftStudio
{
    private readonly RunStarter _starter = new(clock);

    public FineTuneBuilder FineTune(string model)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        var settings = new SettingLayers();
        settings.AddConfiguration(configuration);
        return new FineTuneBuilder(settings, _starter, clock).With(FineTuneSettings.Model, model);
    }

    public Task<TrainingRun> ResumeAsync(string runFolder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(runFolder);
        var settings = new SettingLayers();
        foreach (var (key, setting) in RunRecord.Load(runFolder).Settings) settings.Set(key, setting.Value, setting.Origin);

        // The folder may have moved since.
        settings.Set(FineTuneSettings.Output, runFolder, SettingOrigin.Code);
        return new FineTuneBuilder(settings, _starter, clock).ResumeAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}

using System.Text.Json;
using System.Text.Json.Serialization;
using PeftStudio.Formats.Files;

namespace PeftStudio.Training.Runs;

/// <summary>
/// <c>run.json</c>: every resolved setting with its origin, and, once the run is finished, its figures. It is written when the run starts,
/// so that an interrupted run can be resumed from it.
/// </summary>
public sealed record RunRecord
{
    /// <summary>Version of this file's form.</summary>
    [JsonPropertyName("format_version")]
    public string FormatVersion { get; init; } = "1.0";

    /// <summary>Settings by key.</summary>
    [JsonPropertyName("settings")]
    public required IReadOnlyDictionary<string, RecordedSetting> Settings { get; init; }

    /// <summary>What the finished run measured; null while it goes on.</summary>
    [JsonPropertyName("figures")]
    public RunFigures? Figures { get; init; }

    /// <summary>Reads the record of a run.</summary>
    /// <param name="runFolder">Folder of the run.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.CannotResume"/>: there is no readable record.</exception>
    public static RunRecord Load(string runFolder)
    {
        var path = RunFolder.Record(runFolder);
        if (!File.Exists(path))
        {
            throw new PeftStudioException(
                ErrorCodes.CannotResume, "nothing to resume", runFolder, "no run.json in this folder", "name the output folder of a run that was started with PeftStudio");
        }

        try
        {
            using var stream = File.OpenRead(path);
            var record = JsonSerializer.Deserialize(stream, RunJson.Default.RunRecord);
            return record?.Settings is { } settings && settings.Values.All(s => s is not null) ? record : throw new JsonException("a setting is null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new PeftStudioException(
                ErrorCodes.CannotResume, "run record is not readable", path, e.Message, "restore run.json, or start a new run in another folder", e);
        }
    }

    internal static void Write(RunRequest request, RunFigures? figures)
    {
        var record = new RunRecord
        {
            Settings = request.Settings.ToDictionary(s => s.Key, s => new RecordedSetting(s.Value, s.Origin)),
            Figures = figures,
        };
        SafeFile.Write(RunFolder.Record(request.Output), stream => JsonSerializer.Serialize(stream, record, RunJson.Default.RunRecord));
    }
}

/// <summary>A setting in a run's record.</summary>
/// <param name="Value">Its value in invariant culture.</param>
/// <param name="Origin">Where it came from.</param>
public sealed record RecordedSetting(string? Value, SettingOrigin Origin);

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(TrainingOptions))]
internal sealed partial class RunJson : JsonSerializerContext;

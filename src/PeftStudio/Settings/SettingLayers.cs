using Microsoft.Extensions.Configuration;

namespace PeftStudio;

/// <summary>Values of settings from several origins; the strongest origin wins, among equals the latest.</summary>
internal sealed class SettingLayers
{
    /// <summary>Section of a host's configuration.</summary>
    internal const string Section = "PeftStudio";

    private readonly Dictionary<string, ResolvedSetting> _values = new(StringComparer.OrdinalIgnoreCase);

    internal SettingLayers()
    {
        foreach (var setting in FineTuneSettings.All) _values[setting.Key] = new(setting.Key, setting.Default, SettingOrigin.Default);
    }

    /// <summary>Every setting in the order of <see cref="FineTuneSettings.All"/>.</summary>
    internal IReadOnlyList<ResolvedSetting> Resolved => [.. FineTuneSettings.All.Select(s => _values[s.Key])];

    internal ResolvedSetting this[string key] => _values[key];

    internal void Set(string key, string? value, SettingOrigin origin)
    {
        if (!_values.TryGetValue(key, out var present))
        {
            throw new PeftStudioException(
                ErrorCodes.InvalidOptions, "setting is not known", $"'{key}' ({origin})",
                "known are " + string.Join(", ", FineTuneSettings.All.Select(s => s.Key)), "correct the name");
        }

        if (origin >= present.Origin) _values[key] = new(present.Key, value, origin);
    }

    /// <summary>Takes over what a host's configuration says of a fine-tuning, with the provider's kind as origin.</summary>
    internal void AddConfiguration(IConfiguration? configuration)
    {
        if (configuration is null) return;
        foreach (var setting in FineTuneSettings.All)
        {
            var path = ConfigurationPath.Combine(Section, setting.Key);
            if (configuration[path] is not { } value) continue;
            Set(setting.Key, value, OriginOf(configuration, path));
        }
    }

    private static SettingOrigin OriginOf(IConfiguration configuration, string path)
    {
        if (configuration is not IConfigurationRoot root) return SettingOrigin.File;
        var provider = root.Providers.LastOrDefault(p => p.TryGet(path, out _));

        // By name: the providers live in packages that this one does not need.
        return provider?.GetType().Name switch
        {
            "EnvironmentVariablesConfigurationProvider" => SettingOrigin.Environment,
            "CommandLineConfigurationProvider" => SettingOrigin.CommandLine,
            "MemoryConfigurationProvider" => SettingOrigin.Code,
            _ => SettingOrigin.File,
        };
    }
}

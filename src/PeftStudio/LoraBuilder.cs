using System.Globalization;

namespace PeftStudio;

/// <summary>Describes a LoRA adapter. Unset values are PEFT's defaults: rank 8, alpha 8, no dropout, the family's usual modules.</summary>
public sealed class LoraBuilder
{
    private readonly SettingLayers _settings;

    internal LoraBuilder(SettingLayers settings) => _settings = settings;

    /// <summary>Rank of the update, 1 to 256.</summary>
    public LoraBuilder Rank(int rank) => Set(FineTuneSettings.Rank, rank.ToString(CultureInfo.InvariantCulture));

    /// <summary>Numerator of the scaling, 1 to 512; twice the rank is usual.</summary>
    public LoraBuilder Alpha(double alpha) => Set(FineTuneSettings.Alpha, alpha.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Share of the adapter's input that is dropped in training, 0 to less than 1.</summary>
    public LoraBuilder Dropout(double dropout) => Set(FineTuneSettings.Dropout, dropout.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Adapts modules whose path equals a name or ends with a dot and the name.</summary>
    public LoraBuilder TargetModules(params IEnumerable<string> names) => Set(FineTuneSettings.TargetModules, string.Join(',', names));

    /// <summary>Adapts modules whose whole path matches a regular expression.</summary>
    public LoraBuilder TargetPattern(string pattern) => Set(FineTuneSettings.TargetModules, "regex:" + pattern);

    /// <summary>Adapts every linear but the head.</summary>
    public LoraBuilder TargetAllLinear() => Set(FineTuneSettings.TargetModules, "all-linear");

    /// <summary>Leaves modules alone that would match otherwise.</summary>
    public LoraBuilder Exclude(params IEnumerable<string> names) => Set(FineTuneSettings.ExcludeModules, string.Join(',', names));

    /// <summary>Adapts only some layers, counted from 0.</summary>
    public LoraBuilder Layers(params IEnumerable<int> layers) => Set(FineTuneSettings.LayersToTransform, string.Join(',', layers));

    /// <summary>Scales by alpha / √rank instead of alpha / rank (rsLoRA), which suits ranks over 16.</summary>
    public LoraBuilder UseRsLora(bool use = true) => Set(FineTuneSettings.UseRsLora, use ? "true" : "false");

    private LoraBuilder Set(string key, string value)
    {
        _settings.Set(key, value, SettingOrigin.Code);
        return this;
    }
}

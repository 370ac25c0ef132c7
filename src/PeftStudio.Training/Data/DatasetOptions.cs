namespace PeftStudio.Training.Data;

/// <summary>What is accepted when a dataset file is read.</summary>
public sealed record DatasetOptions
{
    /// <summary>The format, when it must not be recognised; null (the default) looks at the content first and the extension second.</summary>
    public DatasetFormat? Format { get; init; }

    /// <summary>Largest file, both on disk and unpacked, in bytes: 1 to 1,000,000,000 (the default).</summary>
    public long MaximumBytes { get; init; } = 1_000_000_000;

    /// <summary>Longest line, CSV record or element of a JSON array, in bytes: 1 to 1,000,000,000, 16 MiB by default. Plain text has no such limit.</summary>
    public int MaximumRowBytes { get; init; } = 16 << 20;

    /// <summary>How many bad rows one exception names before reading stops: 1 to 1,000, 20 by default.</summary>
    public int MaximumErrors { get; init; } = 20;

    /// <summary>Told every few megabytes how far reading has come, and once at the end. Null by default.</summary>
    public IProgress<DatasetProgress>? Progress { get; init; }

    internal void Validate()
    {
        Check(MaximumBytes is >= 1 and <= 1_000_000_000, nameof(MaximumBytes), MaximumBytes, "1 to 1,000,000,000");
        Check(MaximumRowBytes is >= 1 and <= 1_000_000_000, nameof(MaximumRowBytes), MaximumRowBytes, "1 to 1,000,000,000");
        Check(MaximumErrors is >= 1 and <= 1_000, nameof(MaximumErrors), MaximumErrors, "1 to 1,000");
    }

    private static void Check(bool valid, string name, long value, string range)
    {
        if (!valid)
        {
            throw new PeftStudioException(ErrorCodes.InvalidOptions, "a dataset option is outside its range",
                FormattableString.Invariant($"{name} = {value}"), $"the range is {range}", $"set {name} to a value in its range");
        }
    }
}

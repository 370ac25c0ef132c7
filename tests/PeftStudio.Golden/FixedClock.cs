using System.Globalization;

namespace PeftStudio.Golden;

/// <summary>The clock of a case: the field <c>now</c>, as local time.</summary>
internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => now;

    internal static FixedClock Of(GoldenCase golden) => new(golden.Text("now") is { } now
        ? new DateTimeOffset(DateTime.Parse(now, CultureInfo.InvariantCulture), TimeSpan.Zero)
        : DateTimeOffset.UnixEpoch);
}

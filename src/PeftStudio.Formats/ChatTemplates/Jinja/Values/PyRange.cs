namespace PeftStudio.Formats.ChatTemplates.Jinja.Values;

/// <summary>The integers from start to stop, stop left out, by steps.</summary>
internal sealed class PyRange(long start, long stop, long step)
{
    internal long Start { get; } = start;

    internal long Stop { get; } = stop;

    internal long Step { get; } = step;

    /// <summary>Number of integers; wide enough for any pair of bounds.</summary>
    internal Int128 Length { get; } = CountOf(start, stop, step);

    internal long At(long index) => Start + (index * Step);

    internal bool Contains(long value)
    {
        var offset = (Int128)value - Start;
        return offset % Step == 0 && offset / Step >= 0 && offset / Step < Length;
    }

    internal bool Equals(PyRange other) =>
        Length == other.Length && (Length == 0 || (Start == other.Start && (Length == 1 || Step == other.Step)));

    private static Int128 CountOf(long start, long stop, long step)
    {
        var span = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var stride = step > 0 ? (Int128)step : -(Int128)step;
        return span <= 0 ? 0 : (span + stride - 1) / stride;
    }
}

namespace PeftStudio.Training.Data.Internal;

/// <summary>Splits a stream into lines of bytes, without their ends; a line longer than the limit is refused before more of it is kept.</summary>
internal sealed class Utf8LineReader(DatasetStream stream, string path, int limit)
{
    private byte[] buffer = new byte[Math.Min(limit + 2, 1 << 16)];
    private int start;
    private int end;

    /// <summary>The mark that some programs put in front of UTF-8.</summary>
    internal static ReadOnlySpan<byte> Utf8Bom => [0xef, 0xbb, 0xbf];

    /// <summary>The current line; valid until the next read.</summary>
    internal ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Number of the current line, from 1.</summary>
    internal long Number { get; private set; }

    /// <summary>Goes to the next line; false at the end.</summary>
    internal async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var scanned = 0;
        while (true)
        {
            var index = buffer.AsSpan(start + scanned, end - start - scanned).IndexOf((byte)'\n');
            if (index >= 0) return Take(scanned + index, behind: 1);
            scanned = end - start;
            if (scanned > limit + 1) throw DatasetErrors.RowTooLarge(path, Number + 1, limit);
            MakeRoom();
            var count = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken).ConfigureAwait(false);
            if (count == 0) return end > start && Take(end - start, behind: 0);
            end += count;
        }
    }

    private bool Take(int length, int behind)
    {
        var line = buffer.AsMemory(start, length);
        start += length + behind;
        if (line.Span is [.., (byte)'\r']) line = line[..^1];
        Number++;
        if (line.Length > limit) throw DatasetErrors.RowTooLarge(path, Number, limit);
        Line = Number == 1 && line.Span.StartsWith(Utf8Bom) ? line[3..] : line;
        return true;
    }

    private void MakeRoom()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, (long)limit + 2));
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// One JSON array of objects, an element at a time: only the element that is being read is in memory. An array that breaks its syntax
/// hides what is behind the break.
/// </summary>
internal sealed class JsonArrayReader
{
    // Room for the blanks and the comma in front of an element of the longest allowed length.
    private const int Slack = 1 << 16;

    private readonly DatasetStream stream;
    private readonly RowErrors errors;
    private readonly int limit;
    private byte[] buffer = new byte[Slack];
    private int start;
    private int end;
    private bool final;
    private long line = 1;
    private JsonReaderState state;

    private JsonArrayReader(DatasetStream stream, DatasetOptions options, RowErrors errors)
    {
        this.stream = stream;
        this.errors = errors;
        limit = options.MaximumRowBytes;
    }

    internal static async IAsyncEnumerable<DatasetRow> ReadAsync(
        DatasetStream stream, DatasetOptions options, RowErrors errors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new JsonArrayReader(stream, options, errors);
        await reader.FillAsync(cancellationToken).ConfigureAwait(false);
        if (reader.buffer.AsSpan(0, reader.end).StartsWith(Utf8LineReader.Utf8Bom)) reader.start = Utf8LineReader.Utf8Bom.Length;
        while (true)
        {
            if (!reader.Next(out var at, out var element, out var done))
            {
                await reader.FillAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (done)
            {
                yield break;
            }
            else if (JsonFields.Parse(at, element, errors) is { } row)
            {
                yield return row;
            }
        }
    }

    /// <summary>Finds the next element in the buffer; false when more bytes are needed.</summary>
    private bool Next(out long at, out ReadOnlyMemory<byte> element, out bool done)
    {
        (at, element, done) = (line, default, false);
        var data = buffer.AsSpan(start, end - start);
        var reader = new Utf8JsonReader(data, final, state);
        try
        {
            if (!reader.Read())
            {
                Consume((int)reader.BytesConsumed, reader.CurrentState);
                return done = final;
            }

            if (reader.CurrentDepth == 0)
            {
                Consume((int)reader.BytesConsumed, reader.CurrentState);
                return Next(out at, out element, out done);
            }

            var from = (int)reader.TokenStartIndex;
            if (!reader.TrySkip()) return false;
            var consumed = (int)reader.BytesConsumed;
            if (consumed - from > limit) throw DatasetErrors.RowTooLarge(errors.File, line, limit);
            at = line + data[..from].Count((byte)'\n');
            element = buffer.AsMemory(start + from, consumed - from);
            Consume(consumed, reader.CurrentState);
            return true;
        }
        catch (JsonException e)
        {
            // The reader counts lines from 0, over all blocks that it saw.
            throw errors.Fatal((e.LineNumber ?? 0) + 1, "a JSON array of objects", $"a fault at byte {e.BytePositionInLine + 1} of the line");
        }
    }

    private void Consume(int count, JsonReaderState after)
    {
        line += buffer.AsSpan(start, count).Count((byte)'\n');
        start += count;
        state = after;
    }

    /// <summary>Fills the buffer to its end, larger than before if an element did not fit; so an element is scanned few times.</summary>
    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        end -= start;
        start = 0;
        if (end > limit + (long)Slack - 1) throw DatasetErrors.RowTooLarge(errors.File, line, limit);
        if (end > buffer.Length / 2) Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, limit + (long)Slack));
        var room = buffer.AsMemory(end);
        var count = await stream.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        final = count < room.Length;
        end += count;
    }
}

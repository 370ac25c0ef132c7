using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// A plain text file is one row: it is tokenised as a whole, because cutting it into pieces first would put token boundaries where the text has none.
/// </summary>
internal static class PlainTextReader
{
    internal static async IAsyncEnumerable<DatasetRow> ReadAsync(
        DatasetStream stream, int expectedLength, RowErrors errors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var text = await TextAsync(stream, expectedLength, errors, cancellationToken).ConfigureAwait(false);
        if (text.Length > 0) yield return new TextRow(1, text);
    }

    private static async Task<string> TextAsync(DatasetStream stream, int expectedLength, RowErrors errors, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream(expectedLength);
        await stream.CopyToAsync(memory, 1 << 16, cancellationToken).ConfigureAwait(false);
        ReadOnlyMemory<byte> content = memory.GetBuffer().AsMemory(0, (int)memory.Length);
        if (content.Span.StartsWith(Utf8LineReader.Utf8Bom)) content = content[Utf8LineReader.Utf8Bom.Length..];
        return Utf8.IsValid(content.Span) ? Encoding.UTF8.GetString(content.Span) : throw NotUtf8(content.Span, errors);
    }

    private static Exception NotUtf8(ReadOnlySpan<byte> content, RowErrors errors)
    {
        long line = 1;
        while (Rune.DecodeFromUtf8(content, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            if (rune.Value == '\n') line++;
            content = content[length..];
        }

        return errors.Fatal(line, "UTF-8 text", $"the byte 0x{content[0]:x2}, which is none (is the file in another encoding, such as Windows-1252?)");
    }
}

using System.Runtime.CompilerServices;

namespace PeftStudio.Training.Data.Internal;

/// <summary>One JSON object a line. A bad line does not hide the lines behind it, so all of them are checked.</summary>
internal static class JsonLinesReader
{
    internal static async IAsyncEnumerable<DatasetRow> ReadAsync(
        DatasetStream stream, DatasetOptions options, RowErrors errors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = new Utf8LineReader(stream, errors.File, options.MaximumRowBytes);
        while (await lines.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (lines.Line.Span.Trim(JsonFields.WhiteSpace).IsEmpty) continue;
            if (JsonFields.Parse(lines.Number, lines.Line, errors) is { } row) yield return row;
        }
    }
}

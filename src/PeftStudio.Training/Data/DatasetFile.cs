using System.Runtime.CompilerServices;
using PeftStudio.Training.Data.Internal;

namespace PeftStudio.Training.Data;

/// <summary>
/// A file of rows to train on, recognised by its content first and its extension second. Opening looks at the first 64 KiB only and keeps no handle;
/// rows are read in file order, one at a time, as often as asked. Immutable; thread-safe.
/// </summary>
public sealed class DatasetFile
{
    private readonly DatasetOptions options;
    private readonly char delimiter;

    private DatasetFile(string path, long length, bool compressed, DatasetFormat format, char delimiter, DatasetOptions options)
    {
        Path = path;
        Length = length;
        IsCompressed = compressed;
        Format = format;
        this.delimiter = delimiter;
        this.options = options;
    }

    /// <summary>The path as it was given.</summary>
    public string Path { get; }

    /// <summary>Bytes on disk.</summary>
    public long Length { get; }

    /// <summary>Whether the file is compressed with gzip.</summary>
    public bool IsCompressed { get; }

    /// <summary>The format of the (unpacked) content.</summary>
    public DatasetFormat Format { get; }

    /// <summary>What is accepted.</summary>
    internal DatasetOptions Options => options;

    /// <summary>Looks at a file and recognises its format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="PeftStudioException">
    /// PS1001: there is no such file. PS1302: it is empty. PS1303: it is nothing that can be trained on. PS1305: it is damaged. PS1306: it is too large.
    /// PS1801: an option is outside its range.
    /// </exception>
    public static async Task<DatasetFile> OpenAsync(string path, DatasetOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new DatasetOptions();
        options.Validate();
        if (!File.Exists(path)) throw DatasetErrors.NotFound(path);
        var length = DatasetErrors.Guard(path, () => new FileInfo(path).Length);
        if (length > options.MaximumBytes) throw DatasetErrors.TooLarge(path, "on disk", length, options.MaximumBytes);

        var silent = options with { Progress = null };
        var (head, complete) = await HeadAsync(path, compressed: false, silent, cancellationToken).ConfigureAwait(false);
        var compressed = DatasetRecognition.IsGzip(head.Span);
        if (compressed) (head, complete) = await HeadAsync(path, compressed: true, silent, cancellationToken).ConfigureAwait(false);
        else if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            throw DatasetErrors.Damaged(path, "its name says gzip, but it does not begin like a gzip file");
        }

        if (head.IsEmpty) throw DatasetErrors.Empty(path, "an empty file", "write rows to it");
        var format = options.Format ?? DatasetRecognition.Recognise(path, head.Span, complete);
        var delimiter = format == DatasetFormat.Tsv ? '\t' : DatasetRecognition.CsvDelimiter(head.Span);
        return new DatasetFile(path, length, compressed, format, delimiter, options);
    }

    /// <summary>
    /// Reads the rows in file order. From the first bad row on no further row is given: the rest of the file is only checked, so that the exception at the
    /// end names every bad line, up to <see cref="DatasetOptions.MaximumErrors"/>.
    /// </summary>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="PeftStudioException">
    /// PS1301: rows that cannot be used, each with its line, what was expected and what is there. PS1302: there is no row at all. PS1303: rows without any of
    /// the fields that can be trained on, or chat rows. PS1305: the file is damaged. PS1306: the file or a row is too large.
    /// </exception>
    public async IAsyncEnumerable<DatasetRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var errors = new RowErrors(Path, options.MaximumErrors);
        long rows = 0;
        await foreach (var row in RowsAsync(errors, cancellationToken).ConfigureAwait(false))
        {
            rows++;
            if (!errors.Any) yield return row;
        }

        errors.ThrowIfAny();
        if (rows == 0) throw DatasetErrors.Empty(Path, $"no row in the file, read as {Format}", "write rows to it");
    }

    private async IAsyncEnumerable<DatasetRow> RowsAsync(RowErrors errors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Format == DatasetFormat.Parquet)
        {
            var file = await ParquetInput.OpenAsync(Path, IsCompressed, options, cancellationToken).ConfigureAwait(false);
            await using var closing = file.ConfigureAwait(false);
            await foreach (var row in ParquetRowReader.ReadAsync(file, options, errors, cancellationToken).ConfigureAwait(false)) yield return row;
            yield break;
        }

        var stream = new DatasetStream(Path, IsCompressed, options);
        await using var closingStream = stream.ConfigureAwait(false);
        var rows = Format switch
        {
            DatasetFormat.JsonLines => JsonLinesReader.ReadAsync(stream, options, errors, cancellationToken),
            DatasetFormat.Json => JsonArrayReader.ReadAsync(stream, options, errors, cancellationToken),
            DatasetFormat.Text => PlainTextReader.ReadAsync(stream, IsCompressed ? 0 : (int)Length, errors, cancellationToken),
            _ => CsvRowReader.ReadAsync(stream, delimiter, options, errors, cancellationToken),
        };
        await foreach (var row in rows.ConfigureAwait(false))
        {
            stream.Rows++;
            yield return row;
        }

        stream.Report();
    }

    private static async Task<(ReadOnlyMemory<byte> Head, bool Complete)> HeadAsync(
        string path, bool compressed, DatasetOptions options, CancellationToken cancellationToken)
    {
        var stream = new DatasetStream(path, compressed, options);
        await using var closing = stream.ConfigureAwait(false);
        var head = new byte[DatasetRecognition.HeadBytes];
        var count = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return (head.AsMemory(0, count), count < head.Length);
    }
}

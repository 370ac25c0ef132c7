using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// Apache Parquet, one row group in memory at a time, and of it only the columns that rows are made of. The metadata are walked, and the sizes in them
/// checked, before the Parquet library sees them; whatever it still stumbles over is reported as damage.
/// </summary>
internal static class ParquetRowReader
{
    // Writers make groups of a million rows or fewer; this many would take 80 MB for one column's references alone.
    private const long MaximumRowsOfGroup = 10_000_000;
    private const int MaximumFooterBytes = 16 << 20;

    internal static async IAsyncEnumerable<DatasetRow> ReadAsync(
        FileStream file, DatasetOptions options, RowErrors errors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parquet = await GuardAsync(errors.File, () => OpenAsync(file, cancellationToken)).ConfigureAwait(false);
        await using var closing = parquet.ConfigureAwait(false);
        CheckSizes(parquet, options, errors.File);
        var schema = Guard(errors.File, () => parquet.Schema.Fields);
        var names = schema.Select(f => f.Name).ToList();
        if (!RowFields.IsKnownShape(names)) throw RowErrors.UnsupportedFields(errors.File, string.Join(", ", names.Take(12).Select(n => Excerpt.Of(n))));
        var fields = schema.Where(f => RowFields.Names.Contains(f.Name)).ToList();

        long line = 0;
        for (var g = 0; g < parquet.RowGroupCount; g++)
        {
            var number = g;
            using var group = Guard(errors.File, () => parquet.OpenRowGroupReader(number));
            var columns = await GuardAsync(errors.File, () => ColumnsAsync(file, group, fields, options, cancellationToken)).ConfigureAwait(false);
            for (var i = 0; i < group.RowCount; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var index = i;
                if (RowFields.Build(++line, name => columns.GetValueOrDefault(name)?[index], () => names, errors) is { } row) yield return row;
            }

            var read = g + 1 == parquet.RowGroupCount ? file.Length : Math.Min(file.Position, file.Length);
            options.Progress?.Report(new DatasetProgress(read, file.Length, line));
        }
    }

    /// <summary>Walks the footer, whose length stands in front of the magic at the file's end, and hands the file to the library.</summary>
    private static async Task<ParquetReader> OpenAsync(FileStream file, CancellationToken cancellationToken)
    {
        var tail = new byte[8];
        if (file.Length < 12) throw new InvalidDataException("shorter than an empty Parquet file");
        file.Seek(-8, SeekOrigin.End);
        await file.ReadExactlyAsync(tail, cancellationToken).ConfigureAwait(false);
        var length = BitConverter.ToInt32(tail);
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8) || length < 0 || length > Math.Min(file.Length - 12, MaximumFooterBytes))
        {
            throw new InvalidDataException("the footer is missing or has an impossible length");
        }

        var footer = new byte[length];
        file.Seek(-8 - length, SeekOrigin.End);
        await file.ReadExactlyAsync(footer, cancellationToken).ConfigureAwait(false);
        ThriftCheck.Walk(footer, "FileMetaData");
        file.Position = 0;
        return await ParquetReader.CreateAsync(file, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static void CheckSizes(ParquetReader parquet, DatasetOptions options, string path)
    {
        long bytes = 0;
        foreach (var group in parquet.Metadata?.RowGroups ?? [])
        {
            if (group.NumRows is < 0 or > MaximumRowsOfGroup)
            {
                throw DatasetErrors.Damaged(path, FormattableString.Invariant($"a row group claims {group.NumRows} rows"));
            }

            foreach (var column in group.Columns ?? [])
            {
                if (column.MetaData is not { } data || data.TotalUncompressedSize < 0 || data.NumValues < 0 || data.NumValues > options.MaximumBytes)
                {
                    throw DatasetErrors.Damaged(path, "a column claims an impossible size");
                }

                bytes = Math.Min(bytes + data.TotalUncompressedSize, long.MaxValue / 2);
            }
        }

        if (bytes > options.MaximumBytes) throw DatasetErrors.TooLarge(path, "unpacked", bytes, options.MaximumBytes);
    }

    private static async Task<Dictionary<string, RowField?[]>> ColumnsAsync(
        FileStream file, ParquetRowGroupReader group, List<Field> fields, DatasetOptions options, CancellationToken cancellationToken)
    {
        foreach (var column in group.RowGroup.Columns)
        {
            var name = column.MetaData!.PathInSchema.FirstOrDefault();
            if (fields.Any(f => f.Name == name)) ParquetPages.Check(file.SafeFileHandle, column.MetaData, options.MaximumBytes);
        }

        var columns = new Dictionary<string, RowField?[]>();
        foreach (var field in fields) columns[field.Name] = await ParquetColumn.ReadAsync(group, field, cancellationToken).ConfigureAwait(false);
        return columns;
    }

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(path, e);
        }
    }

    private static async Task<T> GuardAsync<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(path, e);
        }
    }

    // The library meets a damaged file as any exception there is, running out of memory for a false length included.
    private static bool IsDamage(Exception e) => e is not (OperationCanceledException or PeftStudioException);

    private static PeftStudioException Damaged(string path, Exception e) =>
        DatasetErrors.Damaged(path, $"reading it as Parquet failed: {Excerpt.Of(e.Message)}", e);
}

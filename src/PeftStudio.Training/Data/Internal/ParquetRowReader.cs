using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;

namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// Apache Parquet, one row group in memory at a time, and of it only the columns that rows are made of. What the footer promises is checked before
/// anything of that size is allocated; whatever else the Parquet library stumbles over is reported as damage.
/// </summary>
internal static class ParquetRowReader
{
    // Writers make groups of a million rows or fewer; this many would take 80 MB for one column's references alone.
    private const long MaximumRowsOfGroup = 10_000_000;
    private const int MaximumFooterBytes = 64 << 20;

    internal static async IAsyncEnumerable<DatasetRow> ReadAsync(
        FileStream file, DatasetOptions options, RowErrors errors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CheckFooterAsync(file, errors.File, cancellationToken).ConfigureAwait(false);
        var parquet = await GuardAsync(errors.File, () => ParquetReader.CreateAsync(file, cancellationToken: cancellationToken)).ConfigureAwait(false);
        await using var closing = parquet.ConfigureAwait(false);
        CheckSizes(parquet, options, errors.File);
        var names = parquet.Schema.Fields.Select(f => f.Name).ToList();
        if (!RowFields.IsKnownShape(names)) throw RowErrors.UnsupportedFields(errors.File, string.Join(", ", names.Take(12).Select(n => Excerpt.Of(n))));
        var fields = parquet.Schema.Fields.Where(f => RowFields.Names.Contains(f.Name)).ToList();

        long line = 0;
        for (var g = 0; g < parquet.RowGroupCount; g++)
        {
            using var group = parquet.OpenRowGroupReader(g);
            var columns = new Dictionary<string, RowField?[]>();
            foreach (var field in fields)
            {
                columns[field.Name] = await GuardAsync(errors.File, () => ParquetColumn.ReadAsync(group, field, cancellationToken)).ConfigureAwait(false);
            }

            for (var i = 0; i < group.RowCount; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var index = i;
                if (RowFields.Build(++line, name => columns.GetValueOrDefault(name)?[index], () => names, errors) is { } row) yield return row;
            }

            options.Progress?.Report(new DatasetProgress(file.Position, file.Length, line));
        }
    }

    /// <summary>The last eight bytes are the length of the footer and the magic.</summary>
    private static async Task CheckFooterAsync(FileStream file, string path, CancellationToken cancellationToken)
    {
        var tail = new byte[8];
        if (file.Length < 12) throw DatasetErrors.Damaged(path, "it is shorter than an empty Parquet file");
        file.Seek(-8, SeekOrigin.End);
        await file.ReadExactlyAsync(tail, cancellationToken).ConfigureAwait(false);
        var length = BitConverter.ToInt32(tail);
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8) || length < 0 || length > Math.Min(file.Length - 12, MaximumFooterBytes))
        {
            throw DatasetErrors.Damaged(path, "its Parquet footer is missing or has an impossible length");
        }

        file.Position = 0;
    }

    private static void CheckSizes(ParquetReader parquet, DatasetOptions options, string path)
    {
        long bytes = 0;
        foreach (var group in parquet.Metadata?.RowGroups ?? [])
        {
            if (group.NumRows is < 0 or > MaximumRowsOfGroup) throw DatasetErrors.Damaged(path, FormattableString.Invariant($"a row group claims {group.NumRows} rows"));
            foreach (var column in group.Columns)
            {
                var size = column.MetaData?.TotalUncompressedSize ?? 0;
                var values = column.MetaData?.NumValues ?? 0;
                if (size < 0 || values < 0 || values > options.MaximumBytes) throw DatasetErrors.Damaged(path, "a column claims an impossible size");
                bytes = Math.Min(bytes + size, long.MaxValue / 2);
            }
        }

        if (bytes > options.MaximumBytes) throw DatasetErrors.TooLarge(path, "unpacked", bytes, options.MaximumBytes);
    }

    // A reader of a binary format meets a damaged file as any exception there is, running out of memory for a false length included.
    private static async Task<T> GuardAsync<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or PeftStudioException))
        {
            throw DatasetErrors.Damaged(path, $"the Parquet reader stopped: {Excerpt.Of(e.Message)}", e);
        }
    }
}

using Microsoft.Win32.SafeHandles;
using Parquet.Meta;

namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// Walks the pages of a column before the Parquet library does: each header must be sound, each page must lie inside its column, none may unpack to more
/// than the limit, and together they must hold the values that the footer promises. The library would otherwise allocate or wait for what is not there.
/// </summary>
internal static class ParquetPages
{
    private const int ShortHeader = 1 << 12;
    private const int LongestHeader = 1 << 24;

    /// <summary>Walks one column of a row group.</summary>
    /// <exception cref="InvalidDataException">The pages are not what the footer says.</exception>
    internal static void Check(SafeFileHandle file, ColumnMetaData column, long unpackedLimit)
    {
        var start = column.DataPageOffset;
        if (column.DictionaryPageOffset is { } dictionary and > 0 && dictionary < start) start = dictionary;
        var length = RandomAccess.GetLength(file);
        if (start < 4 || column.TotalCompressedSize < 0 || start > length - column.TotalCompressedSize)
        {
            throw new InvalidDataException("a column outside the file");
        }

        var end = start + column.TotalCompressedSize;
        long values = 0, unpacked = 0;
        while (values < column.NumValues)
        {
            var page = Header(file, start, end, out var headerLength);
            start += headerLength + page.Packed;
            unpacked += page.Unpacked;
            if (page.Packed < 0 || page.Unpacked < 0 || page.Values < 0 || start > end) throw new InvalidDataException("a page outside its column");
            if (unpacked > unpackedLimit) throw new InvalidDataException("pages that unpack to more than the limit");
            values += page.Values;
        }

        if (values != column.NumValues) throw new InvalidDataException("pages with more values than the column");
    }

    private static Page Header(SafeFileHandle file, long start, long end, out int length)
    {
        for (var size = ShortHeader; ; size = LongestHeader)
        {
            var bytes = new byte[(int)Math.Min(size, end - start)];
            var count = RandomAccess.Read(file, bytes, start);
            try
            {
                var page = default(Page);
                length = ThriftCheck.Walk(bytes.AsSpan(0, count), "PageHeader", (structure, field, value) => page = page.With(structure, field, value));
                return page;
            }
            catch (EndOfStreamException) when (count == size && size < LongestHeader)
            {
                // A header with long statistics; look at more of it.
            }
        }
    }

    private readonly record struct Page(long Unpacked, long Packed, long Values)
    {
        internal Page With(string structure, int field, long value) => (structure, field) switch
        {
            ("PageHeader", 2) => this with { Unpacked = value },
            ("PageHeader", 3) => this with { Packed = value },
            ("DataPageHeader" or "DataPageHeaderV2", 1) => this with { Values = value },
            _ => this,
        };
    }
}

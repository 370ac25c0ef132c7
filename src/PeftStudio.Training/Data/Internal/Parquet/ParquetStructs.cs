using System.Collections.Frozen;

namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// The structures of a Parquet file's metadata: field numbers and the kind of each field, from the format's definition (apache/parquet-format, parquet.thrift).
/// Kinds: <c>n</c> a whole number or enumeration, <c>b</c> bytes or text, <c>t</c> true or false, <c>i</c> one byte, <c>d</c> a double,
/// a leading <c>*</c> a list; anything else is the name of a structure. Encrypted files are left out on purpose.
/// </summary>
internal static class ParquetStructs
{
    private static readonly FrozenDictionary<string, FrozenDictionary<int, string>> All = new Dictionary<string, string>
    {
        ["FileMetaData"] = "1 n 2 *SchemaElement 3 n 4 *RowGroup 5 *KeyValue 6 b 7 *ColumnOrder",
        ["SchemaElement"] = "1 n 2 n 3 n 4 b 5 n 6 n 7 n 8 n 9 n 10 LogicalType",
        ["LogicalType"] = "1 Empty 2 Empty 3 Empty 4 Empty 5 Decimal 6 Empty 7 Time 8 Time "
            + "10 Integer 11 Empty 12 Empty 13 Empty 14 Empty 15 Empty 16 Variant 17 Geometry 18 Geometry",
        ["Decimal"] = "1 n 2 n",
        ["Time"] = "1 t 2 TimeUnit",
        ["TimeUnit"] = "1 Empty 2 Empty 3 Empty",
        ["Integer"] = "1 i 2 t",
        ["Variant"] = "1 i",
        ["Geometry"] = "1 b 2 n",
        ["Empty"] = "",
        ["KeyValue"] = "1 b 2 b",
        ["ColumnOrder"] = "1 Empty",
        ["RowGroup"] = "1 *ColumnChunk 2 n 3 n 4 *SortingColumn 5 n 6 n 7 n",
        ["SortingColumn"] = "1 n 2 t 3 t",
        ["ColumnChunk"] = "1 b 2 n 3 ColumnMetaData 4 n 5 n 6 n 7 n",
        ["ColumnMetaData"] = "1 n 2 *n 3 *b 4 n 5 n 6 n 7 n 8 *KeyValue 9 n 10 n 11 n "
            + "12 Statistics 13 *PageEncodingStats 14 n 15 n 16 SizeStatistics 17 GeospatialStatistics",
        ["Statistics"] = "1 b 2 b 3 n 4 n 5 b 6 b 7 t 8 t",
        ["PageEncodingStats"] = "1 n 2 n 3 n",
        ["SizeStatistics"] = "1 n 2 *n 3 *n",
        ["GeospatialStatistics"] = "1 BoundingBox 2 *n",
        ["BoundingBox"] = "1 d 2 d 3 d 4 d 5 d 6 d 7 d 8 d",
        ["PageHeader"] = "1 n 2 n 3 n 4 n 5 DataPageHeader 6 Empty 7 DictionaryPageHeader 8 DataPageHeaderV2",
        ["DataPageHeader"] = "1 n 2 n 3 n 4 n 5 Statistics",
        ["DictionaryPageHeader"] = "1 n 2 n 3 t",
        ["DataPageHeaderV2"] = "1 n 2 n 3 n 4 n 5 n 6 n 7 t 8 Statistics",
    }.ToFrozenDictionary(p => p.Key, p => Parse(p.Value));

    /// <summary>The kind of each field of a structure.</summary>
    internal static FrozenDictionary<int, string> Fields(string structure) => All[structure];

    private static FrozenDictionary<int, string> Parse(string definition) => definition.Split(' ', StringSplitOptions.RemoveEmptyEntries).Chunk(2)
        .ToFrozenDictionary(p => int.Parse(p[0], System.Globalization.CultureInfo.InvariantCulture), p => p[1]);
}

using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace PeftStudio.Training.Data.Internal;

/// <summary>Turns one column of a Parquet row group into a field for each row: texts, and lists of whole numbers or truth values.</summary>
internal static class ParquetColumn
{
    internal static async Task<RowField?[]> ReadAsync(ParquetRowGroupReader group, Field field, CancellationToken cancellationToken)
    {
        var rows = (int)group.RowCount;
        switch (field)
        {
            case DataField { IsArray: false } text when text.ClrType == typeof(string) || text.ClrType == typeof(ReadOnlyMemory<char>):
                var texts = new string?[rows];
                await group.ReadAsync(text, texts.AsMemory()!, cancellationToken: cancellationToken).ConfigureAwait(false);
                return Array.ConvertAll(texts, t => t is null ? (RowField?)null : RowField.OfText(t));
            case DataField { IsArray: true } repeated:
                return await ListAsync(group, repeated, repeated.MaxDefinitionLevel, rows, cancellationToken).ConfigureAwait(false);
            case ListField { Item: DataField item } list:
                return await ListAsync(group, item, list.MaxDefinitionLevel, rows, cancellationToken).ConfigureAwait(false);
            default:
                return Same(rows, RowField.Other($"a column of type {field.SchemaType}", isList: field is ListField));
        }
    }

    /// <summary>Repetition level 0 starts a row. A definition level below that of the list's elements means an empty or missing list.</summary>
    /// <param name="group">The row group.</param>
    /// <param name="item">The column that holds the elements.</param>
    /// <param name="elementLevel">Definition level from which on a list has an element; the element itself may still be null.</param>
    /// <param name="rows">Rows of the group.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    private static async Task<RowField?[]> ListAsync(
        ParquetRowGroupReader group, DataField item, int elementLevel, int rows, CancellationToken cancellationToken)
    {
        using var raw = await group.ReadRawColumnDataBaseAsync(item, cancellationToken).ConfigureAwait(false);
        Func<int, int?>? number = raw switch
        {
            RawColumnData<long> c => i => c.Values[i] is var v && v == (int)v ? (int)v : null,
            RawColumnData<int> c => i => c.Values[i],
            RawColumnData<uint> c => i => c.Values[i] <= int.MaxValue ? (int)c.Values[i] : null,
            RawColumnData<short> c => i => c.Values[i],
            RawColumnData<ushort> c => i => c.Values[i],
            RawColumnData<sbyte> c => i => c.Values[i],
            RawColumnData<byte> c => i => c.Values[i],
            RawColumnData<bool> c => i => c.Values[i] ? 1 : 0,
            _ => null,
        };
        return number is null
            ? Same(rows, RowField.Other("a list of something else", isList: true))
            : Assemble(raw, number, item.MaxDefinitionLevel, elementLevel, rows);
    }

    private static RowField?[] Assemble(RawColumnData raw, Func<int, int?> number, int valueLevel, int elementLevel, int rows)
    {
        var result = new RowField?[rows];
        var list = new List<int>();
        int row = -1, value = 0;
        var complete = true;
        for (var i = 0; i < raw.DefinitionLevels.Length; i++)
        {
            if (raw.RepetitionLevels[i] == 0)
            {
                Finish();
                row++;
            }

            var level = raw.DefinitionLevels[i];
            if (row < 0 || row >= rows) throw new InvalidDataException("A list column has more rows than its group.");
            if (level == valueLevel && number(value) is { } v) list.Add(v);
            else if (level >= elementLevel) complete = false;
            else if (level >= elementLevel - 1) result[row] = RowField.OfNumbers([]);
            if (level == valueLevel) value++;
        }

        Finish();
        return result;

        void Finish()
        {
            if (!complete) result[row] = RowField.Other("a list in which a number is missing or too large", isList: true);
            else if (list.Count > 0) result[row] = RowField.OfNumbers([.. list]);
            list.Clear();
            complete = true;
        }
    }

    private static RowField?[] Same(int rows, RowField field)
    {
        var result = new RowField?[rows];
        Array.Fill(result, field);
        return result;
    }
}

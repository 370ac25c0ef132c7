using System.Runtime.CompilerServices;
using System.Text.Unicode;
using CsvHelper;

namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// Comma-, semicolon- or tab-separated values (RFC 4180) with a header line. Quoted fields may hold line ends; a quote in the middle of an unquoted field
/// is text, because many writers leave it so and it can mean nothing else.
/// </summary>
internal static class CsvRowReader
{
    private const string Quoting = "quotes around whole fields, doubled inside them";

    internal static async IAsyncEnumerable<DatasetRow> ReadAsync(
        DatasetStream stream, char delimiter, DatasetOptions options, RowErrors errors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CsvMalformedReason? fault = null;
        using var csv = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            MaxRecordSize = options.MaximumRowBytes,
            TrackLineNumbers = true,
            OnMalformedRecord = record => fault = record.Reason,
        }, leaveOpen: true);

        string[]? header = null;
        long line = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            fault = null;
            try
            {
                if (!await csv.ReadAsync(cancellationToken).ConfigureAwait(false)) yield break;
            }
            catch (CsvFormatException)
            {
                // Everything else that can be wrong with a record is recovered from and reported through the options.
                throw DatasetErrors.RowTooLarge(errors.File, line + 1, options.MaximumRowBytes);
            }

            line = csv.LineNumber;
            if (csv.RawRecord.Length > options.MaximumRowBytes) throw DatasetErrors.RowTooLarge(errors.File, line, options.MaximumRowBytes);
            if (!Utf8.IsValid(csv.RawRecord)) errors.Add(line, "UTF-8 text", $"a byte that is none: {Excerpt.Of(csv.RawRecord)}");
            else if (fault is not (null or CsvMalformedReason.StrayQuote)) errors.Add(line, Quoting, Excerpt.Of(csv.RawRecord));
            else if (header is null) header = CheckHeader(csv.Current.ToArray(), line, errors);
            else if (csv.FieldCount != header.Length) errors.Add(line, Fields(header.Length), $"{Fields(csv.FieldCount)}: {Excerpt.Of(csv.RawRecord)}");
            else if (RowFields.Build(line, name => Field(header, csv, name), () => header, errors) is { } row) yield return row;
            if (header is null) throw errors.Fatal(line, "a header line with the names of the columns", "the fault above");
        }
    }

    private static string[] CheckHeader(string[] header, long line, RowErrors errors)
    {
        if (header.GroupBy(h => h).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw errors.Fatal(line, "a header with each name once", $"\"{Excerpt.Of(twice.Key)}\" twice");
        }

        return RowFields.IsKnownShape(header)
            ? header
            : throw RowErrors.UnsupportedFields(errors.File, string.Join(", ", header.Take(12).Select(h => Excerpt.Of(h))));
    }

    private static RowField? Field(string[] header, CsvReader csv, string name) =>
        Array.IndexOf(header, name) is var i and >= 0 ? RowField.OfText(csv.GetString(i)) : null;

    private static string Fields(int count) => FormattableString.Invariant($"{count} field{(count == 1 ? "" : "s")}");
}

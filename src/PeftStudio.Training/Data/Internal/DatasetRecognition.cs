using System.Text;
using System.Text.Json;

namespace PeftStudio.Training.Data.Internal;

/// <summary>Tells a dataset's format from the first bytes of its content, and from its extension where the content leaves a choice.</summary>
internal static class DatasetRecognition
{
    /// <summary>How many bytes of the unpacked content are looked at.</summary>
    internal const int HeadBytes = 1 << 16;

    private static readonly string[] JsonLinesExtensions = [".jsonl", ".ndjson", ".json"];

    /// <summary>Whether these are the first bytes of a gzip file (RFC 1952).</summary>
    internal static bool IsGzip(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 0x08]);

    /// <summary>Recognises the format.</summary>
    /// <param name="path">The file, for its extension (that in front of <c>.gz</c>) and for messages.</param>
    /// <param name="head">First bytes of the unpacked content.</param>
    /// <param name="complete">Whether these are all the bytes.</param>
    internal static DatasetFormat Recognise(string path, ReadOnlySpan<byte> head, bool complete)
    {
        var extension = Extension(path);
        if (head.StartsWith("PAR1"u8)) return DatasetFormat.Parquet;
        RefuseBinary(path, extension, head);
        if (head.StartsWith(Utf8LineReader.Utf8Bom)) head = head[3..];
        var content = head.TrimStart(JsonFields.WhiteSpace);
        if (content is [(byte)'[', .. var inner] && inner.TrimStart(JsonFields.WhiteSpace) is [(byte)'{' or (byte)']', ..]) return DatasetFormat.Json;
        RefuseSpreadObject(path, content);
        if (content is [(byte)'{', ..] && (JsonLinesExtensions.Contains(extension) || IsJsonLine(content, complete))) return DatasetFormat.JsonLines;
        if (Header(content) is { } delimiter) return delimiter == '\t' ? DatasetFormat.Tsv : DatasetFormat.Csv;
        return extension switch
        {
            ".csv" => DatasetFormat.Csv,
            ".tsv" => DatasetFormat.Tsv,
            ".jsonl" or ".ndjson" => DatasetFormat.JsonLines,
            ".json" => DatasetFormat.Json,
            ".parquet" => throw DatasetErrors.Damaged(path, "its name says Parquet, but it does not begin like a Parquet file"),
            _ => DatasetFormat.Text,
        };
    }

    /// <summary>The character that separates the columns of a CSV file: the comma, unless the header line has more semicolons.</summary>
    internal static char CsvDelimiter(ReadOnlySpan<byte> head)
    {
        var line = FirstLine(head);
        return line.Count((byte)';') > line.Count((byte)',') ? ';' : ',';
    }

    private static string Extension(string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        return extension == ".gz" ? Path.GetExtension(Path.GetFileNameWithoutExtension(path)).ToLowerInvariant() : extension;
    }

    private static void RefuseBinary(string path, string extension, ReadOnlySpan<byte> head)
    {
        var found = head switch
        {
            [0xff, 0xfe, ..] or [0xfe, 0xff, ..] => "UTF-16 text",
            [(byte)'P', (byte)'K', 3, 4, ..] => "a ZIP archive",
            _ when IsGzip(head) => "a gzip file inside another",
            _ when head.Contains((byte)0) => "binary content",
            _ => null,
        };
        if (found is null) return;
        throw DatasetErrors.Unsupported(path, "the file is not a dataset that can be read", extension.Length == 0 ? found : $"{found}, named {extension}",
            "give JSON lines, a JSON array, CSV, TSV, Parquet or plain text, in UTF-8; of archives only gzip is unpacked");
    }

    /// <summary>A first line that only opens an object is no row: the file is one object, whose rows may be anywhere in it.</summary>
    private static void RefuseSpreadObject(string path, ReadOnlySpan<byte> content)
    {
        if (!JsonLinesExtensions.Contains(Extension(path)) || !FirstLine(content).TrimEnd(JsonFields.WhiteSpace).SequenceEqual("{"u8)) return;
        throw DatasetErrors.Unsupported(path, "the file is one JSON object, not a list of rows", "an object that is spread over several lines",
            "make it an array of objects, or write one object a line");
    }

    /// <summary>Whether the first line alone is a JSON object; of a line that goes on behind the head, whether what is there is the start of one.</summary>
    private static bool IsJsonLine(ReadOnlySpan<byte> content, bool complete)
    {
        var line = FirstLine(content);
        var whole = complete || line.Length < content.Length;
        var reader = new Utf8JsonReader(line, isFinalBlock: whole, default);
        try
        {
            return reader.Read() && (reader.TrySkip() ? !reader.Read() : !whole);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The delimiter, if the first line is the header of a table with two or more columns that rows can be made of.</summary>
    private static char? Header(ReadOnlySpan<byte> content)
    {
        var line = Encoding.UTF8.GetString(FirstLine(content));
        foreach (var delimiter in "\t,;")
        {
            var names = line.Split(delimiter).Select(n => n.Trim().Trim('"')).ToList();
            if (names.Count > 1 && names.All(n => n.Length is > 0 and < 60 && !n.Contains(' ')) && RowFields.IsKnownShape(names)) return delimiter;
        }

        return null;
    }

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> content) =>
        content.IndexOf((byte)'\n') is var end and >= 0 ? content[..end].TrimEnd((byte)'\r') : content;
}

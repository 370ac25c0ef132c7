using System.Globalization;

namespace PeftStudio.Training.Data.Internal;

/// <summary>Collects the bad rows of one file, so that a single exception names them all, up to a limit.</summary>
internal sealed class RowErrors(string file, int limit)
{
    private readonly List<string> messages = [];
    private string? unknownFields;
    private bool otherRows;

    internal string File => file;

    internal bool Any => messages.Count > 0;

    /// <summary>Notes a row that could be used.</summary>
    internal void NoteGoodRow() => otherRows = true;

    /// <summary>Notes a row that has none of the accepted fields. If that is true of all rows, the form of the dataset is the fault.</summary>
    internal void AddUnknownShape(long line, IReadOnlyCollection<string> fields)
    {
        var names = fields.Count == 0 ? "no field at all" : string.Join(", ", fields.Take(12).Select(f => Excerpt.Of(f)));
        unknownFields ??= names;
        AddMessage(line, $"expected {RowFields.Accepted}; there is {names}");
    }

    /// <summary>Notes a bad row; throws when the limit is reached.</summary>
    internal void Add(long line, string expected, string found)
    {
        otherRows = true;
        AddMessage(line, $"expected {expected}; there is {found}");
    }

    /// <summary>Throws what was collected, with a last entry behind which nothing can be read.</summary>
    internal Exception Fatal(long line, string expected, string found)
    {
        otherRows = true;
        messages.Add(Message(line, $"expected {expected}; there is {found}"));
        return Failure("nothing behind that line was read");
    }

    internal void ThrowIfAny()
    {
        if (Any) throw Failure("every other row is usable");
    }

    private void AddMessage(long line, string text)
    {
        messages.Add(Message(line, text));
        if (messages.Count >= limit) throw Failure($"reading stopped after {messages.Count.ToString(CultureInfo.InvariantCulture)} bad rows");
    }

    private static string Message(long line, string text) => FormattableString.Invariant($"line {line}: {text}");

    private PeftStudioException Failure(string rest) => unknownFields is not null && !otherRows
        ? UnsupportedFields(file, unknownFields)
        : new PeftStudioException(ErrorCodes.InvalidDatasetRow, "the dataset has rows that cannot be used",
            file, string.Join('\n', messages) + $"\n({rest})", "correct or remove these lines; nothing was trained");

    internal static PeftStudioException UnsupportedFields(string file, string fields) => new(
        ErrorCodes.UnsupportedDataset, "the dataset's rows have none of the fields that can be trained on",
        $"{file}, with {RowFields.Accepted}", $"rows with the fields {fields}",
        "rename the fields, for example question → prompt and answer → completion");
}

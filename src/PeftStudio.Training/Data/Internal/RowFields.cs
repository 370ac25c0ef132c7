namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// Makes a row of named fields: which fields make which row is decided here, for every format. The names are those of TRL's datasets.
/// A field whose value is null counts as missing, because files written from a table have every column in every row.
/// </summary>
internal static class RowFields
{
    /// <summary>What a row must have, in words for messages.</summary>
    internal const string Accepted = "\"text\", or \"prompt\" and \"completion\", or \"input_ids\"";

    /// <summary>Fields that a row is made of; other fields are not looked at.</summary>
    internal static readonly string[] Names = ["text", "prompt", "completion", "input_ids", "labels", "completion_mask", .. ChatRows.Fields];

    /// <summary>Whether a table with these columns has rows that can be used.</summary>
    internal static bool IsKnownShape(IReadOnlyCollection<string> columns) => columns.Contains("text") || columns.Contains("input_ids")
        || (columns.Contains("prompt") && columns.Contains("completion")) || columns.Intersect(ChatRows.Fields).Any();

    /// <summary>Makes the row, or notes why there is none.</summary>
    /// <param name="line">Where the row starts.</param>
    /// <param name="field">Value of a field; null when it is missing or null.</param>
    /// <param name="all">Names of all fields of the row, for messages.</param>
    /// <param name="errors">Where a bad row is noted.</param>
    internal static DatasetRow? Build(long line, Func<string, RowField?> field, Func<IReadOnlyCollection<string>> all, RowErrors errors)
    {
        foreach (var name in ChatRows.Fields)
        {
            if (field(name) is not null) return ChatRows.Render(line, name, errors);
        }

        DatasetRow? row;
        if (field("input_ids") is { } ids) row = Tokenized(line, ids, field("labels"), field("completion_mask"), errors);
        else if (field("prompt") is { } prompt && field("completion") is { } completion)
        {
            if (prompt.IsList || completion.IsList) return ChatRows.Render(line, "prompt", errors);
            row = Text(line, "prompt", prompt, errors) is { } p && Text(line, "completion", completion, errors) is { } c
                ? new PromptCompletionRow(line, p, c) : null;
        }
        else if (field("text") is { } text) row = Text(line, "text", text, errors) is { } t ? new TextRow(line, t) : null;
        else
        {
            errors.AddUnknownShape(line, all());
            return null;
        }

        if (row is not null) errors.NoteGoodRow();
        return row;
    }

    private static string? Text(long line, string name, RowField field, RowErrors errors)
    {
        if (field.Text is null) errors.Add(line, $"\"{name}\" to be text", field.Description);
        return field.Text;
    }

    private static TokenizedRow? Tokenized(long line, RowField ids, RowField? labels, RowField? mask, RowErrors errors)
    {
        if (ids.Numbers is not { } tokens) return Bad("\"input_ids\" to be a list of whole numbers", ids.Description);
        if (Array.Find(tokens, id => id < 0) is var negative and < 0) return Bad("token ids from 0", Number(negative));
        if (Misfit("labels", labels) is { } wrongLabels) return Bad(wrongLabels.Expected, wrongLabels.Found);
        if (Misfit("completion_mask", mask) is { } wrongMask) return Bad(wrongMask.Expected, wrongMask.Found);
        if (labels?.Numbers is { } l && Array.Find(l, v => v is < 0 and not TrainingRow.Ignored) is var bad and < 0)
        {
            return Bad("labels from 0, or -100 for a token that is not trained", Number(bad));
        }

        if (mask?.Numbers is { } m && Array.Find(m, v => v is not (0 or 1)) is var odd and not 0) return Bad("a completion mask of 0 and 1", Number(odd));
        return new TokenizedRow(line, tokens, labels?.Numbers, mask?.Numbers);

        (string Expected, string Found)? Misfit(string name, RowField? field) => field switch
        {
            null => null,
            { Numbers: null } f => ($"\"{name}\" to be a list of whole numbers", f.Description),
            { Numbers: var n } when n.Length != tokens.Length =>
                (FormattableString.Invariant($"\"{name}\" to be as long as \"input_ids\", {tokens.Length}"), Number(n.Length)),
            _ => null,
        };

        TokenizedRow? Bad(string expected, string found)
        {
            errors.Add(line, expected, found);
            return null;
        }
    }

    private static string Number(int value) => FormattableString.Invariant($"{value}");
}

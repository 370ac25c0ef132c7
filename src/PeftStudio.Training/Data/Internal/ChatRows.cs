namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// The place where rows of messages become text. They need the model's chat template, which this version does not apply to datasets,
/// so they are refused by name: guessing a template would train the model on a format that no server ever sends.
/// </summary>
internal static class ChatRows
{
    /// <summary>Fields that hold messages.</summary>
    internal static readonly string[] Fields = ["messages", "conversations"];

    /// <summary>Refuses a row of messages.</summary>
    /// <exception cref="PeftStudioException">Always: PS1303.</exception>
    internal static DatasetRow Render(long line, string field, RowErrors errors) => throw new PeftStudioException(
        ErrorCodes.UnsupportedDataset, "chat rows need a chat template, which this version does not apply yet",
        errors.File, FormattableString.Invariant($"line {line}: a conversation in \"{field}\""),
        $"store each conversation as it shall be trained, as {RowFields.Accepted}");
}

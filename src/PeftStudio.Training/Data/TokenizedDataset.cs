using System.Globalization;
using PeftStudio.Formats.Tokenizers;
using PeftStudio.Training.Data.Internal;

namespace PeftStudio.Training.Data;

/// <summary>
/// A dataset as rows of tokens, split into a part to train on and a part that is held out. The split is the same in every run: the last rows in file order,
/// or a file of its own. Immutable; thread-safe.
/// </summary>
public sealed class TokenizedDataset
{
    private TokenizedDataset(IReadOnlyList<TrainingRow> training, IReadOnlyList<TrainingRow> validation)
    {
        Training = training;
        Validation = validation;
    }

    /// <summary>Rows to train on, in file order; at least one.</summary>
    public IReadOnlyList<TrainingRow> Training { get; }

    /// <summary>Rows that are held out, in file order; none if the options say so.</summary>
    public IReadOnlyList<TrainingRow> Validation { get; }

    /// <summary>What became of the rows of the training file.</summary>
    public required TokenizationSummary Summary { get; init; }

    /// <summary>Identifies the training file and what was made of it, held-out rows included.</summary>
    public required DataFingerprint Fingerprint { get; init; }

    /// <summary>What became of the rows of a separate validation file; null when the held-out rows come from the training file.</summary>
    public TokenizationSummary? ValidationSummary { get; init; }

    /// <summary>Identifies a separate validation file; null without one.</summary>
    public DataFingerprint? ValidationFingerprint { get; init; }

    /// <summary>Reads and tokenises a dataset.</summary>
    /// <param name="file">The file to train on.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="options">How rows become tokens.</param>
    /// <param name="validation">A file whose rows are held out, all of them; null splits <paramref name="file"/> instead.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="PeftStudioException">
    /// As <see cref="DatasetFile.ReadAsync"/>; PS1302 also when no row has a trained token; PS1304: rows may be longer than the model's context.
    /// PS1801: an option is outside its range.
    /// </exception>
    public static async Task<TokenizedDataset> CreateAsync(
        DatasetFile file, Tokenizer tokenizer, TokenizationOptions options, DatasetFile? validation = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        var (rows, summary) = await RowsAsync(file, tokenizer, options, cancellationToken).ConfigureAwait(false);
        var fingerprint = await DataFingerprint.CreateAsync(file.Path, rows.Count, summary.Tokens, cancellationToken).ConfigureAwait(false);
        if (validation is null)
        {
            var part = options.ValidationPart ?? (file.Format == DatasetFormat.Text ? 0.05 : 0.1);
            var held = HeldOut(rows.Count, part);
            return new TokenizedDataset(rows[..^held], rows[^held..]) { Summary = summary, Fingerprint = fingerprint };
        }

        var (heldRows, heldSummary) = await RowsAsync(validation, tokenizer, options, cancellationToken).ConfigureAwait(false);
        var heldFingerprint = await DataFingerprint.CreateAsync(validation.Path, heldRows.Count, heldSummary.Tokens, cancellationToken).ConfigureAwait(false);
        return new TokenizedDataset(rows, heldRows)
        {
            Summary = summary,
            Fingerprint = fingerprint,
            ValidationSummary = heldSummary,
            ValidationFingerprint = heldFingerprint,
        };
    }

    /// <summary>The part rounded down, but one row at least, and never the only one.</summary>
    private static int HeldOut(int rows, double part) =>
        part == 0 || rows < 2 ? 0 : Math.Max(1, (int)Math.Floor((rows * part) + 1e-9));

    private static async Task<(List<TrainingRow> Rows, TokenizationSummary Summary)> RowsAsync(
        DatasetFile file, Tokenizer tokenizer, TokenizationOptions options, CancellationToken cancellationToken)
    {
        var errors = new RowErrors(file.Path, file.Options.MaximumErrors);
        var encoder = new RowTokenizer(tokenizer, options, errors);
        var rows = new List<TrainingRow>();
        var dropped = new List<long>();
        var tail = 0;
        await foreach (var row in file.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Format == DatasetFormat.Text) (rows, tail) = TextStream.Cut(((TextRow)row).Text, tokenizer, options);
            else if (encoder.Create(row) is { } made) rows.Add(made);
            else dropped.Add(row.Line);
        }

        errors.ThrowIfAny();
        var trained = rows.Sum(r => (long)r.TrainedTokens);
        if (trained == 0) throw NothingTrained(file.Path, dropped.Count, options.EffectiveMaxLength);
        return (rows, new TokenizationSummary
        {
            RowsRead = rows.Count + dropped.Count + (tail > 0 ? 1 : 0),
            RowsTruncated = encoder.Truncated,
            DroppedLines = dropped,
            TailTokensDropped = tail,
            Tokens = rows.Sum(r => (long)r.InputIds.Length),
            TrainedTokens = trained,
        });
    }

    private static PeftStudioException NothingTrained(string path, int dropped, int maxLength) => DatasetErrors.Empty(path,
        string.Create(CultureInfo.InvariantCulture, $"no token that is trained; rows dropped at a length of {maxLength} tokens: {dropped}"),
        "raise MaxLength so that the completions fit, or give longer texts; a row needs two tokens at least");
}

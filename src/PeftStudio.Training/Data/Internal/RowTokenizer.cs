using PeftStudio.Formats.Tokenizers;

namespace PeftStudio.Training.Data.Internal;

/// <summary>
/// Makes ids and labels of a row, by the rules of TRL's SFT trainer (1.16): the end-of-sequence token is appended as text where it is missing; of a prompt
/// and its completion the ids of both together are trained on, and what the ids of the prompt alone share with them from the start counts as prompt.
/// So a space at the prompt's end that merges into the next word belongs to the completion.
/// </summary>
internal sealed class RowTokenizer(Tokenizer tokenizer, TokenizationOptions options, RowErrors errors)
{
    private readonly int maxLength = options.EffectiveMaxLength;

    internal int Truncated { get; private set; }

    /// <summary>Null when no token of the row is trained, or when it cannot be used, which is noted.</summary>
    internal TrainingRow? Create(DatasetRow row) => row switch
    {
        TextRow text => Finish(tokenizer.EncodeToIds(WithEos(text.Text)), labels: null),
        PromptCompletionRow pair => Create(pair),
        TokenizedRow tokens => Create(tokens),
        _ => throw new ArgumentException($"Rows of type {row.GetType().Name} have no tokens.", nameof(row)),
    };

    private TrainingRow? Create(PromptCompletionRow row)
    {
        var ids = tokenizer.EncodeToIds(row.Prompt + WithEos(row.Completion));
        if (options.CompletionOnlyLoss == false) return Finish(ids, labels: null);
        var prompt = tokenizer.EncodeToIds(row.Prompt).AsSpan().CommonPrefixLength(ids);
        var labels = (int[])ids.Clone();
        labels.AsSpan(0, prompt).Fill(TrainingRow.Ignored);
        return Finish(ids, labels);
    }

    private TrainingRow? Create(TokenizedRow row)
    {
        var outside = Array.Find([.. row.InputIds, .. row.Labels ?? []], id => id >= tokenizer.VocabularySize);
        if (outside > 0)
        {
            errors.Add(row.Line, FormattableString.Invariant($"token ids below {tokenizer.VocabularySize}, the size of the vocabulary"),
                FormattableString.Invariant($"{outside}"));
            return null;
        }

        var labels = row.Labels;
        if (row.CompletionMask is { } mask && options.CompletionOnlyLoss != false)
        {
            labels = (int[])(labels ?? row.InputIds).Clone();
            for (var i = 0; i < mask.Length; i++)
            {
                if (mask[i] == 0) labels[i] = TrainingRow.Ignored;
            }
        }

        return Finish(row.InputIds, labels);
    }

    private TrainingRow? Finish(int[] ids, int[]? labels)
    {
        if (ids.Length > maxLength)
        {
            Truncated++;
            var kept = options.Truncation == TruncationMode.KeepStart ? ..maxLength : ^maxLength..;
            ids = ids[kept];
            labels = labels?[kept];
        }

        var trained = labels is null ? ids.Length > 0 : labels.AsSpan().ContainsAnyExcept(TrainingRow.Ignored);
        return trained ? new TrainingRow { InputIds = ids, Labels = labels } : null;
    }

    private string WithEos(string text) =>
        options.EosToken is { } eos && !text.EndsWith(eos, StringComparison.Ordinal) ? text + eos : text;
}

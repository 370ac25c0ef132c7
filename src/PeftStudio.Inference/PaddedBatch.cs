namespace PeftStudio.Inference;

/// <summary>
/// Scores padded batches in the form that Hugging Face libraries use. Padding is not computed: what is masked is left out, and every row
/// becomes a sequence of its own, which gives the same numbers.
/// </summary>
public static class PaddedBatch
{
    /// <summary>Scores every token that is not padding.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">Token ids [B, T].</param>
    /// <param name="mask">1 for tokens, 0 for padding, [B, T]; padding may lie anywhere.</param>
    /// <param name="columns">T.</param>
    /// <param name="positions">Positions [B, T]; empty for 0, 1, 2, … over the tokens of each row (the cumulative sum of the mask − 1).</param>
    /// <param name="adapter">Name of a loaded adapter, or null for the base model.</param>
    /// <param name="cancellationToken">Checked before every layer.</param>
    /// <returns>Logits [B, T, V]; zeros where the mask is 0.</returns>
    /// <exception cref="PeftStudioException">
    /// <see cref="ErrorCodes.ContextExceeded"/>, <see cref="ErrorCodes.TokenOutOfRange"/> or <see cref="ErrorCodes.UnknownAdapter"/>.
    /// </exception>
    public static float[] Score(
        DecodeModel model, ReadOnlySpan<int> ids, ReadOnlySpan<int> mask, int columns, ReadOnlySpan<int> positions = default,
        string? adapter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(ids.Length % columns, 0, nameof(ids));
        ArgumentOutOfRangeException.ThrowIfNotEqual(mask.Length, ids.Length, nameof(mask));
        if (!positions.IsEmpty) ArgumentOutOfRangeException.ThrowIfNotEqual(positions.Length, ids.Length, nameof(positions));

        var kept = new List<int>(ids.Length);
        var steps = new List<SequenceStep>();
        try
        {
            for (var start = 0; start < ids.Length; start += columns)
            {
                var before = kept.Count;
                for (var i = start; i < start + columns; i++)
                {
                    if (mask[i] != 0) kept.Add(i);
                }

                if (kept.Count > before) steps.Add(Row(model, ids, positions, kept[before..], adapter));
            }

            var ropeLength = steps.Select(s => s.Positions.ToArray().Max() + 1L).DefaultIfEmpty().Max();
            var vocabulary = model.Blueprint.VocabularySize;
            var logits = new float[(long)kept.Count * vocabulary];
            model.Forward(steps.Select(s => s with { RopeLength = ropeLength }).ToArray(), logits, cancellationToken);
            var result = new float[(long)ids.Length * vocabulary];
            for (var i = 0; i < kept.Count; i++) Array.Copy(logits, (long)i * vocabulary, result, (long)kept[i] * vocabulary, vocabulary);
            return result;
        }
        finally
        {
            foreach (var step in steps) step.Session.Dispose();
        }
    }

    private static SequenceStep Row(DecodeModel model, ReadOnlySpan<int> ids, ReadOnlySpan<int> positions, List<int> places, string? adapter)
    {
        var rowIds = new int[places.Count];
        var rowPositions = new int[places.Count];
        for (var i = 0; i < rowIds.Length; i++)
        {
            rowIds[i] = ids[places[i]];
            rowPositions[i] = positions.IsEmpty ? i : positions[places[i]];
        }

        return new(model.CreateSession(adapter), rowIds) { Positions = rowPositions, LogitCount = rowIds.Length };
    }
}

namespace PeftStudio.Training.Data;

/// <summary>Rows of one micro-batch, padded on the right to the longest. Arrays are row-major [B, T], 64-bit as torch wants them.</summary>
public sealed class Batch
{
    private Batch(int rows, int length)
    {
        Rows = rows;
        Length = length;
        var cells = checked(rows * length);
        InputIds = new long[cells];
        AttentionMask = new long[cells];
        Labels = new long[cells];
    }

    /// <summary>B.</summary>
    public int Rows { get; }

    /// <summary>T, the length of the longest row.</summary>
    public int Length { get; }

    /// <summary>Token ids [B, T], the pad id behind each row's end.</summary>
    public long[] InputIds { get; }

    /// <summary>[B, T]: 1 for a token, 0 for padding.</summary>
    public long[] AttentionMask { get; }

    /// <summary>Labels [B, T], −100 where nothing is trained and on padding; not shifted.</summary>
    public long[] Labels { get; }

    /// <summary>Tokens that the loss counts over the whole batch, after the shift.</summary>
    public int TrainedTokens { get; private set; }

    /// <summary>Tokens of all rows, padding left out.</summary>
    public int Tokens { get; private set; }

    /// <summary>Makes a batch of rows.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="padId">Id of the padding token; any id of the vocabulary will do, because padding is masked and never trained.</param>
    /// <exception cref="ArgumentException">There is no row.</exception>
    public static Batch Collate(IReadOnlyList<TrainingRow> rows, int padId)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0) throw new ArgumentException("A batch needs at least one row.", nameof(rows));
        var batch = new Batch(rows.Count, rows.Max(r => r.InputIds.Length));
        for (var i = 0; i < rows.Count; i++) batch.Put(i, rows[i], padId);
        return batch;
    }

    private void Put(int index, TrainingRow row, int padId)
    {
        var start = index * Length;
        var labels = row.Labels ?? row.InputIds;
        for (var t = 0; t < Length; t++)
        {
            var inside = t < row.InputIds.Length;
            InputIds[start + t] = inside ? row.InputIds[t] : padId;
            AttentionMask[start + t] = inside ? 1 : 0;
            Labels[start + t] = inside ? labels[t] : TrainingRow.Ignored;
        }

        Tokens += row.InputIds.Length;
        TrainedTokens += row.TrainedTokens;
    }
}

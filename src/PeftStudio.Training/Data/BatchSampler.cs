using PeftStudio.Training.Data.Internal;

namespace PeftStudio.Training.Data;

/// <summary>
/// Decides which rows make each batch, and which batches make each optimizer step. The order of epoch e is <c>torch.randperm(rows)</c> of a CPU generator
/// seeded with seed + e, as in the Trainer of transformers, so that a run can be compared with one there, and resumed here, row by row. Immutable; thread-safe.
/// </summary>
public sealed class BatchSampler
{
    /// <summary>Describes the order of a training's rows.</summary>
    /// <param name="rows">Rows of the dataset, at least 1.</param>
    /// <param name="batchSize">Rows of a micro-batch, at least 1.</param>
    /// <param name="accumulation">Micro-batches of an optimizer step, at least 1.</param>
    /// <param name="seed">The data seed; the order of epoch 0 uses it as it is.</param>
    /// <param name="shuffle">False keeps the order of the file in every epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1, or <paramref name="rows"/> is 214,748,364 or more.</exception>
    public BatchSampler(int rows, int batchSize, int accumulation = 1, long seed = 42, bool shuffle = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rows, RandomPermutation.Limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(accumulation, 1);
        Rows = rows;
        BatchSize = batchSize;
        Accumulation = accumulation;
        Seed = seed;
        Shuffle = shuffle;
    }

    /// <summary>Rows of the dataset.</summary>
    public int Rows { get; }

    /// <summary>Rows of a micro-batch; the last one of an epoch may have fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Micro-batches of an optimizer step; the last step of an epoch may have fewer.</summary>
    public int Accumulation { get; }

    /// <summary>The data seed.</summary>
    public long Seed { get; }

    /// <summary>Whether each epoch has an order of its own.</summary>
    public bool Shuffle { get; }

    /// <summary>⌈rows / batch size⌉: an incomplete last batch is kept.</summary>
    public int BatchesPerEpoch => CeilingOf(Rows, BatchSize);

    /// <summary>⌈batches / accumulation⌉: the remainder of an epoch is a step of its own and never waits for the next epoch.</summary>
    public int StepsPerEpoch => CeilingOf(BatchesPerEpoch, Accumulation);

    /// <summary>Row numbers in the order that an epoch visits them.</summary>
    /// <param name="epoch">From 0.</param>
    public int[] Order(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        if (Shuffle) return RandomPermutation.Create(Rows, unchecked(Seed + epoch));
        var order = new int[Rows];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        return order;
    }

    /// <summary>The optimizer steps of an epoch: each a list of micro-batches, each a list of row numbers.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="skip">Steps of this epoch that are done already; a resumed training continues behind them in the same order.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or <paramref name="skip"/> is larger than <see cref="StepsPerEpoch"/>.</exception>
    public IEnumerable<int[][]> Steps(int epoch, int skip = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(skip, StepsPerEpoch);
        return Order(epoch).Chunk(BatchSize).Chunk(Accumulation).Skip(skip);
    }

    /// <summary>Where a training that has done <paramref name="steps"/> optimizer steps stands: the epoch, and the steps done in it.</summary>
    /// <param name="steps">Optimizer steps done since the start of the training.</param>
    public (int Epoch, int StepsDone) PositionAfter(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return Math.DivRem(steps, StepsPerEpoch);
    }

    private static int CeilingOf(int count, int size) => (int)(((long)count + size - 1) / size);
}

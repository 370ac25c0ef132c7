namespace PeftStudio.Training.Data.Internal;

/// <summary><c>torch.randperm(n)</c> of a CPU generator, in managed code.</summary>
internal static class RandomPermutation
{
    /// <summary>From this length on torch draws 64 bits at a time in another order; no dataset here comes near it.</summary>
    internal const int Limit = (int)(uint.MaxValue / 20);

    /// <summary>The numbers 0 to <paramref name="count"/> − 1 in the order that torch draws them for this seed.</summary>
    /// <param name="count">Below <see cref="Limit"/>, 214,748,364.</param>
    /// <param name="seed">As given to <c>torch.Generator().manual_seed</c>.</param>
    internal static int[] Create(int count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(count, Limit);
        var random = new MersenneTwister(seed);
        var order = new int[count];
        for (var i = 0; i < count; i++) order[i] = i;
        for (var i = 0; i < count - 1; i++)
        {
            var other = i + (int)(random.Next() % (uint)(count - i));
            (order[i], order[other]) = (order[other], order[i]);
        }

        return order;
    }
}

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>
/// Orders of the rows of attention weights: entry g is the Hugging Face row that stands at row g of the GGUF tensor.
/// </summary>
internal static class RowOrders
{
    /// <summary>
    /// Rotary halves to neighbouring pairs, head by head: llama.cpp rotates pairs (2i, 2i + 1) in the architectures that need this.
    /// </summary>
    internal static int[] HalvesToPairs(int heads, int headSize)
    {
        var order = new int[heads * headSize];
        for (var g = 0; g < order.Length; g++)
        {
            var (head, within) = Math.DivRem(g, headSize);
            order[g] = (head * headSize) + ((within % 2) * (headSize / 2)) + (within / 2);
        }

        return order;
    }

    /// <summary>Groups of query heads with their key and value head, one after the other, to all queries, all keys, all values.</summary>
    /// <param name="groups">Key/value heads; equal to the heads when every head has its own.</param>
    /// <param name="queriesPerGroup">Query heads of a group.</param>
    /// <param name="headSize">Rows of a head.</param>
    internal static int[] GroupsToBlocks(int groups, int queriesPerGroup, int headSize)
    {
        var perGroup = queriesPerGroup + 2;
        var order = new List<int>(groups * perGroup * headSize);
        for (var group = 0; group < groups; group++)
        {
            for (var query = 0; query < queriesPerGroup; query++) AddHead(group, query);
        }

        for (var group = 0; group < groups; group++) AddHead(group, queriesPerGroup);
        for (var group = 0; group < groups; group++) AddHead(group, queriesPerGroup + 1);
        return [.. order];

        void AddHead(int group, int head)
        {
            for (var row = 0; row < headSize; row++) order.Add((((group * perGroup) + head) * headSize) + row);
        }
    }

    /// <summary>The order that undoes another.</summary>
    internal static int[] Inverse(int[] order)
    {
        var inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++) inverse[order[i]] = i;
        return inverse;
    }
}

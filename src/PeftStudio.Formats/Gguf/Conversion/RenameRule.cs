using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>Order of a tensor's rows from the configuration and the number of rows.</summary>
internal delegate int[] RowOrder(ModelConfiguration configuration, int rows);

/// <summary>One tensor on each side: renamed, perhaps with another order of rows, transposed, or shifted by a constant.</summary>
/// <param name="HuggingFace">Name there.</param>
/// <param name="Gguf">Name here.</param>
internal sealed record RenameRule(string HuggingFace, string Gguf) : TensorRule
{
    /// <summary>Order of rows: entry g is the Hugging Face row at GGUF row g.</summary>
    internal RowOrder? Order { get; init; }

    /// <summary>Whether the Hugging Face matrix is [in, out].</summary>
    internal bool IsTransposed { get; init; }

    /// <summary>What GGUF values exceed the Hugging Face ones by.</summary>
    internal float Shift { get; init; }

    /// <summary>Leading rows that only the Hugging Face tensor has.</summary>
    internal Func<ModelConfiguration, int>? SkippedRows { get; init; }

    /// <summary>Whether the GGUF tensor keeps no more rows than the vocabulary has tokens.</summary>
    internal bool IsCutToVocabulary { get; init; }

    /// <summary>Shape of the Hugging Face tensor when the GGUF file has dropped an extent of 1.</summary>
    internal Func<IReadOnlyList<long>, long[]>? HuggingFaceShape { get; init; }

    internal override IEnumerable<string> HuggingFaceNames => [HuggingFace];

    internal override IEnumerable<string> GgufNames => [Gguf];

    internal override IEnumerable<AssembledTensor> ToGguf(TensorLookup huggingFace, string layer)
    {
        var info = huggingFace.Require(At(HuggingFace, layer));
        var skipped = SkippedRows?.Invoke(huggingFace.Configuration) ?? 0;
        var kept = IsCutToVocabulary && huggingFace.TokenCount is { } most && info.Shape.Count > 0 ? Math.Min(most, info.Shape[0]) : (long?)null;
        if (skipped > 0 || (kept is not null && kept < info.Shape[0]))
        {
            long[] shape = [(kept ?? info.Shape[0]) - skipped, .. info.Shape.Skip(1)];
            if (shape[0] <= 0) throw huggingFace.Unfit(info, $"its first {skipped} rows are no positions");
            yield return new(At(Gguf, layer), shape, WidthOf(info.Shape), [new(info.Name, skipped * WidthOf(info.Shape), shape[0])]);
            yield break;
        }

        yield return Make(huggingFace, At(Gguf, layer), info, Order, Shift, info.Shape);
    }

    internal override IEnumerable<AssembledTensor> ToHuggingFace(TensorLookup gguf, string layer)
    {
        var info = gguf.Require(At(Gguf, layer));
        RowOrder? inverse = Order is null ? null : (configuration, rows) => RowOrders.Inverse(Order(configuration, rows));
        yield return Make(gguf, At(HuggingFace, layer), info, inverse, -Shift, HuggingFaceShape?.Invoke(info.Shape) ?? info.Shape);
    }

    private AssembledTensor Make(TensorLookup lookup, string name, Tensors.TensorInfo info, RowOrder? order, float add, IReadOnlyList<long> shape)
    {
        if (IsTransposed && info.Shape.Count == 2)
        {
            return new(name, [info.Shape[1], info.Shape[0]], info.Shape[0], [new(info.Name, 0, info.Shape[1], Transposed: true)]);
        }

        if (add != 0) return new(name, shape, Math.Max(1, CountOf(shape)), [new(info.Name, 0, 1, Add: add)]);
        if (order is null) return AssembledTensor.Renamed(name, shape, info.Name);
        if (info.Shape.Count is 0 or > 2) throw lookup.Unfit(info, "a matrix or a vector is expected");
        var rows = (int)info.Shape[0];
        return new(name, shape, WidthOf(info.Shape), [new(info.Name, 0, rows, order(lookup.Configuration, rows))]);
    }
}

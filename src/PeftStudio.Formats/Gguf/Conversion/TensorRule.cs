namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>
/// One way in which tensors of a Hugging Face checkpoint and of a GGUF file belong together. Names are patterns with <c>{i}</c> for the layer
/// and <c>{e}</c> for the expert; a rule gives all tensors of a layer at once.
/// </summary>
internal abstract record TensorRule
{
    /// <summary>Hugging Face names that lead to this rule.</summary>
    internal abstract IEnumerable<string> HuggingFaceNames { get; }

    /// <summary>GGUF names that lead to this rule; none when it is for writing only.</summary>
    internal abstract IEnumerable<string> GgufNames { get; }

    /// <summary>The GGUF tensors that a layer's Hugging Face tensors make.</summary>
    internal abstract IEnumerable<AssembledTensor> ToGguf(TensorLookup huggingFace, string layer);

    /// <summary>The Hugging Face tensors that a layer's GGUF tensors make.</summary>
    internal abstract IEnumerable<AssembledTensor> ToHuggingFace(TensorLookup gguf, string layer);

    /// <summary>Puts the layer into a pattern.</summary>
    protected static string At(string pattern, string layer) => pattern.Replace("{i}", layer, StringComparison.Ordinal);

    /// <summary>Puts layer and expert into a pattern.</summary>
    protected static string At(string pattern, string layer, int expert) =>
        At(pattern, layer).Replace("{e}", expert.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>Extents of a matrix' rows: the last one, or one element for a vector.</summary>
    protected static long WidthOf(IReadOnlyList<long> shape) => shape.Count > 1 ? shape[^1] : 1;

    /// <summary>Product of extents.</summary>
    protected static long CountOf(IReadOnlyList<long> shape) => shape.Aggregate(1L, (product, extent) => product * extent);
}

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>
/// One Hugging Face tensor whose rows (the last dimension but one) are equal parts that GGUF files keep apart,
/// such as gate and up of stacked experts [E, 2·F, H].
/// </summary>
/// <param name="HuggingFace">Name of the whole.</param>
/// <param name="Parts">GGUF names of the parts, in the order of the rows.</param>
/// <param name="WriteOnly">Whether reading uses another rule for these tensors.</param>
internal sealed record SplitRule(string HuggingFace, IReadOnlyList<string> Parts, bool WriteOnly = false) : TensorRule
{
    internal override IEnumerable<string> HuggingFaceNames => [HuggingFace];

    internal override IEnumerable<string> GgufNames => WriteOnly ? [] : Parts;

    internal override IEnumerable<AssembledTensor> ToGguf(TensorLookup huggingFace, string layer)
    {
        var whole = huggingFace.Require(At(HuggingFace, layer));
        if (whole.Shape.Count < 2 || whole.Shape[^2] % Parts.Count != 0) throw huggingFace.Unfit(whole, $"{Parts.Count} equal parts of rows are expected");
        var (stacked, rows, width) = (CountOf(whole.Shape.Take(whole.Shape.Count - 2).ToArray()), whole.Shape[^2] / Parts.Count, whole.Shape[^1]);
        for (var part = 0; part < Parts.Count; part++)
        {
            var pieces = new List<TensorPiece>();
            for (var s = 0L; s < stacked; s++) pieces.Add(new(whole.Name, ((s * Parts.Count) + part) * rows * width, rows));
            yield return new(At(Parts[part], layer), [.. whole.Shape.Take(whole.Shape.Count - 2), rows, width], width, pieces);
        }
    }

    internal override IEnumerable<AssembledTensor> ToHuggingFace(TensorLookup gguf, string layer)
    {
        var parts = Parts.Select(p => gguf.Require(At(p, layer))).ToArray();
        var shape = parts[0].Shape;
        if (shape.Count < 2) throw gguf.Unfit(parts[0], "a matrix or a stack of them is expected");
        foreach (var part in parts)
        {
            if (!part.Shape.SequenceEqual(shape)) throw gguf.Unfit(part, $"the first part is {parts[0].ShapeText}");
        }

        var (stacked, rows, width) = (CountOf(shape.Take(shape.Count - 2).ToArray()), shape[^2], shape[^1]);
        var pieces = new List<TensorPiece>();
        for (var s = 0L; s < stacked; s++) pieces.AddRange(parts.Select(p => new TensorPiece(p.Name, s * rows * width, rows)));
        yield return new(At(HuggingFace, layer), [.. shape.Take(shape.Count - 2), rows * parts.Length, width], width, pieces);
    }
}

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>Tensors of all experts (or heads), one each in Hugging Face form, stacked along a new first dimension in GGUF form.</summary>
/// <param name="HuggingFace">Name of one, with <c>{e}</c>.</param>
/// <param name="Gguf">Name of the stack.</param>
internal sealed record StackRule(string HuggingFace, string Gguf) : TensorRule
{
    internal override IEnumerable<string> HuggingFaceNames => [HuggingFace];

    internal override IEnumerable<string> GgufNames => [Gguf];

    internal override IEnumerable<AssembledTensor> ToGguf(TensorLookup huggingFace, string layer)
    {
        var parts = new List<Tensors.TensorInfo>();
        while (huggingFace.Find(At(HuggingFace, layer, parts.Count)) is { } part) parts.Add(part);
        if (parts.Count == 0) huggingFace.Require(At(HuggingFace, layer, 0));
        foreach (var part in parts)
        {
            if (!part.Shape.SequenceEqual(parts[0].Shape)) throw huggingFace.Unfit(part, $"the first one is {parts[0].ShapeText}");
        }

        yield return new(At(Gguf, layer), [parts.Count, .. parts[0].Shape], CountOf(parts[0].Shape), parts.ConvertAll(p => new TensorPiece(p.Name, 0, 1)));
    }

    internal override IEnumerable<AssembledTensor> ToHuggingFace(TensorLookup gguf, string layer)
    {
        var stack = gguf.Require(At(Gguf, layer));
        if (stack.Shape.Count < 2) throw gguf.Unfit(stack, "a stack is expected");
        var shape = stack.Shape.Skip(1).ToArray();
        for (var e = 0; e < stack.Shape[0]; e++) yield return new(At(HuggingFace, layer, e), shape, CountOf(shape), [new(stack.Name, e * CountOf(shape), 1)]);
    }
}

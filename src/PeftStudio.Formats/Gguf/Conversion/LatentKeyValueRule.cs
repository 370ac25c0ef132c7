namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>
/// The up-projection of DeepSeek's latent attention: Hugging Face keeps rows [key | value] of each head in one matrix of the latent width,
/// GGUF a stack of the value parts and one of the key parts, the latter transposed.
/// </summary>
/// <param name="HuggingFace">Name of the one matrix.</param>
/// <param name="Keys">GGUF name of the transposed key parts, [heads, latent, key].</param>
/// <param name="Values">GGUF name of the value parts, [heads, value, latent].</param>
internal sealed record LatentKeyValueRule(string HuggingFace, string Keys, string Values) : TensorRule
{
    internal override IEnumerable<string> HuggingFaceNames => [HuggingFace];

    internal override IEnumerable<string> GgufNames => [Keys, Values];

    internal override IEnumerable<AssembledTensor> ToGguf(TensorLookup huggingFace, string layer)
    {
        var whole = huggingFace.Require(At(HuggingFace, layer));
        var heads = huggingFace.Configuration.Positive("num_attention_heads");
        var key = huggingFace.Configuration.Positive("qk_nope_head_dim");
        var value = huggingFace.Configuration.Positive("v_head_dim");
        if (whole.Shape.Count != 2 || whole.Shape[0] != heads * ((long)key + value)) throw huggingFace.Unfit(whole, $"{heads} heads of {key} + {value} rows are expected");
        var latent = whole.Shape[1];
        var rows = (key + value) * latent;
        var all = Enumerable.Range(0, heads);
        yield return new(At(Keys, layer), [heads, latent, key], key, all.Select(h => new TensorPiece(whole.Name, h * rows, latent, Transposed: true)).ToArray());
        yield return new(At(Values, layer), [heads, value, latent], latent, all.Select(h => new TensorPiece(whole.Name, (h * rows) + (key * latent), value)).ToArray());
    }

    internal override IEnumerable<AssembledTensor> ToHuggingFace(TensorLookup gguf, string layer)
    {
        var keys = gguf.Require(At(Keys, layer));
        var values = gguf.Require(At(Values, layer));
        if (keys.Shape.Count != 3 || values.Shape.Count != 3 || keys.Shape[0] != values.Shape[0] || keys.Shape[1] != values.Shape[2])
        {
            throw gguf.Unfit(keys, $"it does not belong to '{values.Name}' {values.ShapeText}");
        }

        var (heads, latent, key, value) = (keys.Shape[0], keys.Shape[1], keys.Shape[2], values.Shape[1]);
        var pieces = new List<TensorPiece>();
        for (var h = 0L; h < heads; h++)
        {
            pieces.Add(new(keys.Name, h * latent * key, key, Transposed: true));
            pieces.Add(new(values.Name, h * value * latent, value));
        }

        yield return new(At(HuggingFace, layer), [heads * (key + value), latent], latent, pieces);
    }
}

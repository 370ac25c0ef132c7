using System.Globalization;
using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>One adapted weight: the base tensor in GGUF form and the modules whose factors it takes, one or one for each expert.</summary>
/// <param name="Tensor">Name of the base tensor, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Paths">Module paths in Hugging Face form.</param>
/// <param name="IsStack">Whether the factors of all experts are stacked.</param>
/// <param name="Order">Order of B's rows: entry g is the Hugging Face row at GGUF row g.</param>
/// <param name="IsEmbedding">Whether it is the token embedding, whose A is stored transposed.</param>
internal sealed record AdapterModule(string Tensor, IReadOnlyList<string> Paths, bool IsStack, RowOrder? Order, bool IsEmbedding);

/// <summary>Finds adapted weights on either side.</summary>
internal sealed class AdapterModules(GgufFamily family, ModelConfiguration baseModel)
{
    private readonly TensorPlanner _planner = new(family.Tensors);

    /// <summary>The base model's configuration.</summary>
    internal ModelConfiguration BaseModel => baseModel;

    /// <summary>Whether Hugging Face stores weights of this family as [in, out].</summary>
    internal bool IsTransposed => family.Tensors.Any(r => r is RenameRule { IsTransposed: true });

    /// <summary>The adapted weight that a module belongs to, or null.</summary>
    internal AdapterModule? OfPath(string path)
    {
        var rule = _planner.Find(path + ".weight", out var layer);
        if (rule is StackRule stack) return Stack(stack, layer);
        return rule is RenameRule { Shift: 0 } rename ? Single(rename, layer) : null;
    }

    /// <summary>The adapted weight of a base tensor in GGUF form, or null.</summary>
    internal AdapterModule? OfTensor(string tensor) => _planner.FindGguf(tensor, out var layer) switch
    {
        StackRule stack => Stack(stack, layer),
        RenameRule { Shift: 0 } rename => Single(rename, layer),
        _ => null,
    };

    private static AdapterModule Single(RenameRule rule, string layer) => new(
        At(rule.Gguf, layer), [At(rule.HuggingFace, layer)[..^".weight".Length]], false, rule.Order, rule.Gguf == "token_embd.weight");

    private AdapterModule Stack(StackRule rule, string layer)
    {
        return new(
            At(rule.Gguf, layer),
            Enumerable.Range(0, Experts).Select(e => At(rule.HuggingFace, layer).Replace("{e}", e.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)[..^".weight".Length]).ToArray(),
            true, null, false);
    }

    /// <summary>Whether a number of modules is all that the model can have under a short name.</summary>
    internal bool IsEveryModule(string name, int count)
    {
        var layers = baseModel.OptionalInteger("num_hidden_layers") ?? baseModel.OptionalInteger("n_layer") ?? 0;
        return count == family.Tensors.SelectMany(r => r.HuggingFaceNames).Where(n => n.EndsWith($"{name}.weight", StringComparison.Ordinal) && (n.Length == name.Length + 7 || n[^(name.Length + 8)] == '.'))
            .Sum(n => !n.Contains("{i}", StringComparison.Ordinal) ? 1 : layers * (n.Contains("{e}", StringComparison.Ordinal) ? Experts : 1));
    }

    private int Experts => baseModel.OptionalInteger("num_local_experts") ?? baseModel.OptionalInteger("num_experts") ?? baseModel.OptionalInteger("n_routed_experts") ?? 0;

    private static string At(string pattern, string layer) => pattern.Replace("{i}", layer, StringComparison.Ordinal);
}

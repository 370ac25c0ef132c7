using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>
/// Brings the names in a checkpoint to the standard ones: adds the prefix that files of the bare body lack, takes the language model out of a
/// multimodal one, leaves buffers out.
/// </summary>
internal static class HuggingFaceNames
{
    /// <summary>Standard name to name in the file, in the order of the file.</summary>
    internal static OrderedDictionary<string, string> Standard(GgufFamily family, ITensorSource weights)
    {
        var text = weights.Tensors.Keys.Where(n => !IsBuffer(family, n) && !IsOtherModality(n)).Select(n => (File: n, Name: WithoutWrapper(n))).ToArray();
        var bare = !text.Any(n => n.Name.StartsWith(family.BasePrefix, StringComparison.Ordinal));
        var result = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, name) in text) result.TryAdd(bare && !IsHead(name) ? family.BasePrefix + name : name, file);
        return result;
    }

    private static bool IsHead(string name) => name.StartsWith("lm_head.", StringComparison.Ordinal) || name.StartsWith("embed_out.", StringComparison.Ordinal);

    private static string WithoutWrapper(string name)
    {
        if (name.StartsWith("language_model.", StringComparison.Ordinal)) return name["language_model.".Length..];
        return name.StartsWith("model.language_model.", StringComparison.Ordinal) ? "model." + name["model.language_model.".Length..] : name;
    }

    private static bool IsOtherModality(string name) => name.StartsWith("vision_tower.", StringComparison.Ordinal) || name.StartsWith("multi_modal_projector.", StringComparison.Ordinal)
        || name.StartsWith("model.vision_tower.", StringComparison.Ordinal) || name.StartsWith("model.multi_modal_projector.", StringComparison.Ordinal);

    private static bool IsBuffer(GgufFamily family, string name) => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || family.Ignored.Any(i => i[0] == '.' ? name.EndsWith(i, StringComparison.Ordinal) : name == i);
}

using System.Globalization;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>Applies a family's rules to all tensors of a checkpoint or a GGUF file, in the order of the tensors.</summary>
internal sealed class TensorPlanner
{
    private readonly Dictionary<string, TensorRule> _byHuggingFace = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorRule> _byGguf = new(StringComparer.Ordinal);

    internal TensorPlanner(IEnumerable<TensorRule> rules)
    {
        foreach (var rule in rules)
        {
            foreach (var name in rule.HuggingFaceNames) _byHuggingFace.TryAdd(name, rule);
            foreach (var name in rule.GgufNames) _byGguf.TryAdd(name, rule);
        }
    }

    /// <summary>Finds the rule of a Hugging Face tensor, and its layer.</summary>
    internal TensorRule? Find(string huggingFaceName, out string layer) => Find(_byHuggingFace, huggingFaceName, out layer);

    /// <summary>Finds the rule of a GGUF tensor, and its layer.</summary>
    internal TensorRule? FindGguf(string ggufName, out string layer) => Find(_byGguf, ggufName, out layer);

    /// <summary>Plans the GGUF tensors of a checkpoint.</summary>
    /// <param name="huggingFace">The checkpoint.</param>
    /// <param name="unknown">Tensors that no rule knows.</param>
    internal List<AssembledTensor> ToGguf(TensorLookup huggingFace, List<string> unknown) =>
        Plan(_byHuggingFace, huggingFace, unknown, (rule, layer) => rule.ToGguf(huggingFace, layer));

    /// <summary>Plans the Hugging Face tensors of a GGUF file.</summary>
    /// <param name="gguf">The file.</param>
    /// <param name="unknown">Tensors that no rule knows.</param>
    internal List<AssembledTensor> ToHuggingFace(TensorLookup gguf, List<string> unknown) =>
        Plan(_byGguf, gguf, unknown, (rule, layer) => rule.ToHuggingFace(gguf, layer));

    private static List<AssembledTensor> Plan(
        Dictionary<string, TensorRule> rules, TensorLookup lookup, List<string> unknown, Func<TensorRule, string, IEnumerable<AssembledTensor>> apply)
    {
        var result = new List<AssembledTensor>();
        var done = new HashSet<(TensorRule, string)>();
        foreach (var name in lookup.Tensors.Keys)
        {
            if (Find(rules, name, out var layer) is not { } rule) unknown.Add(name);
            else if (done.Add((rule, layer))) result.AddRange(apply(rule, layer));
        }

        return result;
    }

    // The first number in a name is the layer; a second one, if no name with it is known, the expert.
    private static TensorRule? Find(Dictionary<string, TensorRule> rules, string name, out string layer)
    {
        layer = string.Empty;
        if (rules.TryGetValue(name, out var whole)) return whole;
        var parts = name.Split('.');
        var first = Array.FindIndex(parts, IsNumber);
        if (first < 0) return null;
        layer = parts[first];
        parts[first] = "{i}";
        if (rules.TryGetValue(string.Join('.', parts), out var found)) return found;
        var second = Array.FindIndex(parts, first + 1, IsNumber);
        if (second < 0) return null;
        parts[second] = "{e}";
        return rules.GetValueOrDefault(string.Join('.', parts));
    }

    private static bool IsNumber(string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == part;
}

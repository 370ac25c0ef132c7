using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using PeftStudio.Formats.Adapters;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>Values with a shape.</summary>
internal sealed record Factor(float[] Values, long[] Shape);

/// <summary>A pair in GGUF form: A [r, in] and B [out, r], or stacks of both.</summary>
internal sealed record AdapterPair(string Tensor, Factor Down, Factor Up);

/// <summary>Turns pairs of one layout into those of the other. Whole factors are held: adapters are small.</summary>
internal static class AdapterPairs
{
    private const string EmbeddingDown = "lora_embedding_A";
    private const string EmbeddingUp = "lora_embedding_B";
    private const string LinearDown = "lora_A.weight";
    private const string LinearUp = "lora_B.weight";

    internal static List<AdapterPair> FromPeft(LoraConfiguration configuration, ITensorSource weights, AdapterModules modules, out double alpha)
    {
        var paths = ModulePaths(weights, modules);
        var found = new OrderedDictionary<string, AdapterModule>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var module = modules.OfPath(path) ?? throw Refuse($"an adapter for '{path}'", "files of this architecture have no weight of their own for it");
            if (module.Tensor == "output.weight" && modules.BaseModel.Flag("tie_word_embeddings", false)) throw Refuse($"an adapter for '{path}'", "the base's head is its embedding, so the file has no tensor for it");
            foreach (var missing in module.Paths.Where(p => !paths.Contains(p))) throw Refuse($"an adapter for '{path}'", $"the file stacks all experts, and '{missing}' has no adapter");
            found.TryAdd(module.Tensor, module);
        }

        // One α for the file: the one that most pairs need; the others get the rest folded into B.
        var alphas = found.Values.SelectMany(m => m.Paths).ToDictionary(p => p, p => configuration.ScalingOf(p) * RankOf(weights, p), StringComparer.Ordinal);
        var common = alphas.Values.GroupBy(Rounded).OrderByDescending(g => g.Count()).Select(g => g.First()).FirstOrDefault(configuration.Alpha);
        alpha = common;
        return found.Values.Select(m => Pair(weights, m, modules, p => Rounded(alphas[p]) == Rounded(common) ? 1f : (float)(alphas[p] / common))).ToList();
    }

    internal static (LoraConfiguration Configuration, IReadOnlyList<(TensorInfo Info, ReadOnlyMemory<byte> Data)> Tensors) ToPeft(GgufFile file, AdapterModules modules, string? baseName)
    {
        var values = new GgufValues(file); // the caller owns the file
        var tensors = new List<(TensorInfo Info, ReadOnlyMemory<byte> Data)>();
        var ranks = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in values.Tensors.Keys)
        {
            if (GgufAdapter.Split(name) is not { } part)
            {
                if (name.EndsWith("_norm.weight", StringComparison.Ordinal)) continue; // loaders ignore them, too
                throw Refuse($"tensor '{name}' of {file.Path}", "it is no factor of an adapter");
            }

            var (down, up) = (Require(file, values, part.Tensor + ".lora_a"), Require(file, values, part.Tensor + ".lora_b"));
            if (!part.IsDown) continue; // both are written when the first is met
            var module = modules.OfTensor(part.Tensor) ?? throw Refuse($"tensor '{name}' of {file.Path}", "the base model has no module for it");
            AddModule(values, modules, module, down, up, tensors, ranks);
        }

        var configuration = Describe(file, modules, ranks, baseName);
        return (configuration, tensors);
    }

    private static HashSet<string> ModulePaths(ITensorSource weights, AdapterModules modules)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in weights.Tensors.Keys)
        {
            var suffix = new[] { LinearDown, LinearUp, EmbeddingDown, EmbeddingUp }.FirstOrDefault(s => key.EndsWith("." + s, StringComparison.Ordinal));
            if (suffix is null || !key.StartsWith(AdapterFolder.KeyPrefix, StringComparison.Ordinal)) throw Refuse($"tensor '{key}'", "only pairs of LoRA factors have a place there: no magnitudes, no trained biases, no whole modules");
            paths.Add(key[AdapterFolder.KeyPrefix.Length..^(suffix.Length + 1)]);
        }

        return paths;
    }

    private static int RankOf(ITensorSource weights, string path)
    {
        var name = weights.Tensors.ContainsKey(AdapterFolder.KeyOf(path, EmbeddingDown)) ? EmbeddingDown : LinearDown;
        var info = RequirePeft(weights, path, name);
        return info.Shape is [> 0 and <= int.MaxValue, _] ? (int)info.Shape[0] : throw Refuse($"'{info.Name}' {info.ShapeText}", "a factor A is [rank, in]");
    }

    private static TensorInfo RequirePeft(ITensorSource weights, string path, string suffix) =>
        weights.Tensors.GetValueOrDefault(AdapterFolder.KeyOf(path, suffix)) ?? throw Refuse($"an adapter for '{path}'", $"its factor '{suffix}' is missing");

    private static AdapterPair Pair(ITensorSource weights, AdapterModule module, AdapterModules modules, Func<string, float> factorOf)
    {
        var downs = new List<Factor>();
        var ups = new List<Factor>();
        foreach (var path in module.Paths)
        {
            var down = Load(weights, RequirePeft(weights, path, module.IsEmbedding ? EmbeddingDown : LinearDown));
            var up = Load(weights, RequirePeft(weights, path, module.IsEmbedding ? EmbeddingUp : LinearUp));
            if (down.Shape[0] != up.Shape[1]) throw Refuse($"an adapter for '{path}'", $"A {TensorInfo.FormatShape(down.Shape)} and B {TensorInfo.FormatShape(up.Shape)} have different ranks");
            if (module.Order is { } order) up = Reorder(up, order(modules.BaseModel, (int)up.Shape[0]));
            var factor = factorOf(path);
            for (var i = 0; i < up.Values.Length && factor != 1; i++) up.Values[i] *= factor;
            downs.Add(module.IsEmbedding ? Transpose(down) : down);
            ups.Add(up);
        }

        return new(module.Tensor, module.IsStack ? Stack(module, downs) : downs[0], module.IsStack ? Stack(module, ups) : ups[0]);
    }

    private static Factor Load(ITensorSource weights, TensorInfo info) =>
        info.Shape.Count == 2 && TensorTypes.IsFloat(info.Type) ? new(weights.ReadFloats(info.Name), [.. info.Shape]) : throw Refuse($"'{info.Name}' {info.Type} {info.ShapeText}", "a factor is a matrix of floating-point values");

    private static Factor Stack(AdapterModule module, List<Factor> parts)
    {
        if (parts.Any(p => !p.Shape.SequenceEqual(parts[0].Shape))) throw Refuse($"adapters for the experts of '{module.Tensor}'", "they have different ranks, and a stack has one");
        return new(parts.SelectMany(p => p.Values).ToArray(), [parts.Count, .. parts[0].Shape]);
    }

    private static Factor Reorder(Factor factor, int[] order)
    {
        var width = (int)factor.Shape[1];
        var values = new float[factor.Values.Length];
        for (var row = 0; row < order.Length; row++) factor.Values.AsSpan(order[row] * width, width).CopyTo(values.AsSpan(row * width));
        return factor with { Values = values };
    }

    private static Factor Transpose(Factor factor)
    {
        var (rows, columns) = ((int)factor.Shape[0], (int)factor.Shape[1]);
        var values = new float[factor.Values.Length];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++) values[(c * rows) + r] = factor.Values[(r * columns) + c];
        }

        return new(values, [columns, rows]);
    }

    private static TensorInfo Require(GgufFile file, GgufValues values, string name)
    {
        var info = values.Tensors.GetValueOrDefault(name) ?? throw Refuse($"a pair of {file.Path}", $"its half '{name}' is missing");
        return TensorTypes.IsFloat(info.Type) && info.Shape.Count is 2 or 3 ? info : throw Refuse($"'{name}' {info.Type} {info.ShapeText} of {file.Path}", "a factor is a matrix, or a stack of them");
    }

    private static void AddModule(
        GgufValues values, AdapterModules modules, AdapterModule module, TensorInfo down, TensorInfo up, List<(TensorInfo Info, ReadOnlyMemory<byte> Data)> tensors, OrderedDictionary<string, int> ranks)
    {
        if (down.Shape.Count != (module.IsStack ? 3 : 2) || up.Shape.Count != down.Shape.Count || (module.IsStack && (down.Shape[0] != module.Paths.Count || up.Shape[0] != module.Paths.Count)))
        {
            throw Refuse($"'{down.Name}' {down.ShapeText} and '{up.Name}' {up.ShapeText}", module.IsStack ? $"stacks of {module.Paths.Count} experts are expected" : "matrices are expected");
        }

        var (allDown, allUp) = (values.ReadFloats(down.Name), values.ReadFloats(up.Name));
        for (var e = 0; e < module.Paths.Count; e++)
        {
            var a = Slice(allDown, down, e);
            var b = Slice(allUp, up, e);
            if (module.IsEmbedding) a = Transpose(a);
            if (a.Shape[0] != b.Shape[1] || a.Shape[0] == 0) throw Refuse($"'{down.Name}' {down.ShapeText} and '{up.Name}' {up.ShapeText}", "their ranks differ");
            if (module.Order is { } order) b = Reorder(b, RowOrders.Inverse(order(modules.BaseModel, (int)b.Shape[0])));
            ranks[module.Paths[e]] = (int)a.Shape[0];
            tensors.Add(Save(AdapterFolder.KeyOf(module.Paths[e], module.IsEmbedding ? EmbeddingDown : LinearDown), a, down.Type));
            tensors.Add(Save(AdapterFolder.KeyOf(module.Paths[e], module.IsEmbedding ? EmbeddingUp : LinearUp), b, up.Type));
        }
    }

    private static Factor Slice(float[] all, TensorInfo info, int index)
    {
        var (rows, columns) = (info.Shape[^2], info.Shape[^1]);
        return new(all.AsSpan((int)(index * rows * columns), (int)(rows * columns)).ToArray(), [rows, columns]);
    }

    private static (TensorInfo Info, ReadOnlyMemory<byte> Data) Save(string name, Factor factor, TensorType type)
    {
        // Two-byte values came from two-byte values, so going back loses nothing.
        var bytes = new byte[factor.Values.Length * (TensorTypes.BitsOf(type) / 8)];
        switch (type)
        {
            case TensorType.F16: System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(factor.Values, MemoryMarshal.Cast<byte, Half>(bytes.AsSpan())); break;
            case TensorType.BF16: FloatConversion.ToBFloat16(factor.Values, MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan())); break;
            default:
                type = TensorType.F32;
                bytes = MemoryMarshal.AsBytes(factor.Values.AsSpan()).ToArray();
                break;
        }

        return (new(name, type, factor.Shape, bytes.Length), bytes);
    }

    private static LoraConfiguration Describe(GgufFile file, AdapterModules modules, OrderedDictionary<string, int> ranks, string? baseName)
    {
        if (ranks.Count == 0) throw Refuse(file.Path, "it holds no pair of factors");
        var common = ranks.Values.GroupBy(r => r).OrderByDescending(g => g.Count()).First().Key;
        var alpha = GgufScope.Shortest(file.Metadata.Number("adapter.lora.alpha")) ?? 0;

        // Without α the loader adds the pair unscaled, which is what α = r says; a pattern says it for ranks that differ.
        var unscaled = alpha == 0;
        return new LoraConfiguration
        {
            Rank = common,
            Alpha = unscaled ? common : alpha,
            TargetModules = TargetModules.Named(Targets(modules, ranks.Keys.ToArray())),
            RankPattern = ranks.Where(r => r.Value != common).Select(r => KeyValuePair.Create(r.Key, r.Value)).ToArray(),
            AlphaPattern = unscaled ? ranks.Where(r => r.Value != common).Select(r => KeyValuePair.Create(r.Key, (double)r.Value)).ToArray() : [],
            BaseModel = baseName,
            Carried = modules.IsTransposed ? new Dictionary<string, JsonNode?> { ["fan_in_fan_out"] = true } : [],
        };
    }

    /// <summary>Short names where every module of that name is adapted, whole paths where only some are.</summary>
    private static IEnumerable<string> Targets(AdapterModules modules, string[] paths) => paths
        .GroupBy(p => p[(p.LastIndexOf('.') + 1)..])
        .SelectMany(g => modules.IsEveryModule(g.Key, g.Count()) ? [g.Key] : g.AsEnumerable())
        .Order(StringComparer.Ordinal);

    private static double Rounded(double value) => Math.Round(value, 9);

    private static PeftStudioException Refuse(string asked, string found) => new(
        ErrorCodes.AdapterNotExpressibleInGguf, "adapter cannot be converted to or from a GGUF adapter file", asked, found + "; nothing was written",
        "merge the adapter into its base and convert the merged model instead");
}

using PeftStudio.Engine.Adapters;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Models;

/// <summary>
/// The TorchSharp interpreter of a blueprint: a causal language model whose linears take adapters. Base weights are frozen unless
/// <see cref="BaseParameters"/> are made trainable. Not thread-safe: one engine thread uses it.
/// </summary>
internal sealed class CausalModel : IDisposable
{
    private readonly Dictionary<string, Tensor> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TorchLinear> _linears = new(StringComparer.Ordinal);
    private readonly Tensor _embedding;
    private readonly TorchLayer[] _layers;
    private readonly TorchNorm? _finalNorm;
    private readonly TorchLinear _head;

    private CausalModel(ModelBlueprint blueprint, ComputeType computeType, Func<string, Tensor> load)
    {
        Blueprint = blueprint;
        ComputeType = computeType;
        _embedding = Keep(blueprint.Embedding.WeightName, load);
        _layers = [.. blueprint.Layers.Select(l => BuildLayer(l, load))];
        _finalNorm = blueprint.FinalNorm is { } norm ? BuildNorm(norm, load) : null;
        _head = blueprint.Head.Linear is { } linear
            ? BuildLinear(linear, load)
            : new TorchLinear(new(blueprint.Head.Path, blueprint.HiddenSize, blueprint.VocabularySize), _embedding, null);
    }

    internal ModelBlueprint Blueprint { get; }

    internal ComputeType ComputeType { get; }

    internal ScalarType Type => ComputeType.ToScalarType();

    /// <summary>Linears by module path; a tied head is not among them.</summary>
    internal IReadOnlyDictionary<string, TorchLinear> Linears => _linears;

    /// <summary>The model's own tensors by name.</summary>
    internal IReadOnlyDictionary<string, Tensor> BaseParameters => _weights;

    /// <summary>Whether dropout applies in the forward pass.</summary>
    internal bool Training { get; set; }

    /// <summary>Loads every weight in the compute type.</summary>
    /// <param name="checkpoint">Where the weights lie; may be disposed afterwards.</param>
    /// <param name="computeType">Type of weights and activations.</param>
    /// <param name="progress">Told the share of tensors loaded, 0 to 1.</param>
    /// <param name="cancellationToken">Checked between tensors.</param>
    internal static CausalModel Load(
        Checkpoint checkpoint, ComputeType computeType, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var count = (double)checkpoint.Blueprint.Tensors.Count();
        var loaded = 0;
        return new CausalModel(checkpoint.Blueprint, computeType, name =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var tensor = TensorTransfer.Load(checkpoint, name, computeType.ToScalarType());
            progress?.Report(++loaded / count);
            return tensor;
        });
    }

    /// <summary>Scores of every position.</summary>
    /// <param name="inputIds">[B, T], int64.</param>
    /// <param name="attentionMask">[B, T], 1 for tokens and 0 for padding; null when there is none.</param>
    /// <param name="positionIds">[B, T]; 0 … T−1 unless given.</param>
    /// <returns>[B, T, V].</returns>
    internal Tensor Forward(Tensor inputIds, Tensor? attentionMask = null, Tensor? positionIds = null)
    {
        using var scope = NewDisposeScope();
        var hidden = ForwardHidden(inputIds, attentionMask, positionIds);
        return Score(hidden).view(inputIds.size(0), inputIds.size(1), -1).MoveToOuterDisposeScope();
    }

    /// <summary>The normalised last hidden state.</summary>
    /// <returns>[B·T, E].</returns>
    internal Tensor ForwardHidden(Tensor inputIds, Tensor? attentionMask = null, Tensor? positionIds = null)
    {
        using var scope = NewDisposeScope();
        long b = inputIds.size(0), t = inputIds.size(1);
        var positions = positionIds ?? arange(t, ScalarType.Int64).unsqueeze(0);
        using var rotary = new RotaryTables(Blueprint.Ropes, positions, Type);
        var sequence = new Sequence(b, t, HiddenKeys(t, attentionMask), rotary, Training);
        var x = Embed(inputIds.flatten());
        if (Blueprint.Embedding.Scale != 1) x = x * tensor(Blueprint.Embedding.Scale, x.dtype);
        foreach (var layer in _layers) x = layer.Forward(x, sequence);
        if (_finalNorm is not null) x = _finalNorm.Forward(x);
        return x.MoveToOuterDisposeScope();
    }

    private Tensor Embed(Tensor ids)
    {
        var x = _embedding.index_select(0, ids);
        if (_embedding.requires_grad && Blueprint.Embedding.PaddingRow is { } row) x = where(ids.eq(row).unsqueeze(1), x.detach(), x);
        return x;
    }

    /// <summary>Scores of hidden states.</summary>
    /// <param name="hidden">[N, E].</param>
    /// <returns>[N, V].</returns>
    internal Tensor Score(Tensor hidden)
    {
        var logits = _head.Forward(hidden, Training);
        if (Blueprint.Head.LogitScale == 1) return logits;
        using (logits) return logits * Blueprint.Head.LogitScale;
    }

    /// <summary>The head's weight [V, E] when scores are a plain product with it, or null when an adapter or a bias takes part.</summary>
    internal Tensor? PlainHead => _head.Patch is null && _head.Bias is null && Blueprint.Head.LogitScale == 1 ? _head.Weight : null;

    public void Dispose()
    {
        foreach (var weight in _weights.Values) weight.Dispose();
    }

    // True where a key is invisible: the future, and padding. A row of padding sees only hidden keys; it becomes a uniform mixture, never NaN.
    private static Tensor HiddenKeys(long t, Tensor? attentionMask)
    {
        var future = ones(t, t, ScalarType.Bool).triu(1);
        if (attentionMask is null) return future;
        var padding = attentionMask.eq(0).unsqueeze(1).unsqueeze(1); // [B, 1, 1, T]
        return future.logical_or(padding);
    }

    private TorchLayer BuildLayer(LayerBlueprint layer, Func<string, Tensor> load)
    {
        var attention = new TorchAttention(
            layer.Attention, BuildLinear(layer.Attention.Query, load), BuildLinear(layer.Attention.Key, load),
            BuildLinear(layer.Attention.Value, load), BuildLinear(layer.Attention.Output, load));
        var mlp = new TorchMlp(
            layer.FeedForward, BuildLinear(layer.FeedForward.Gate, load), BuildLinear(layer.FeedForward.Up, load), BuildLinear(layer.FeedForward.Down, load));
        return new TorchLayer(
            layer.AttentionInputNorm is { } first ? BuildNorm(first, load) : null, attention,
            layer.FeedForwardInputNorm is { } second ? BuildNorm(second, load) : null, mlp);
    }

    private TorchLinear BuildLinear(LinearBlueprint linear, Func<string, Tensor> load)
    {
        var weight = Keep(linear.WeightName, load);
        var built = new TorchLinear(linear, weight, linear.HasBias ? Keep(linear.BiasName, load) : null);
        _linears.Add(linear.Path, built);
        return built;
    }

    private TorchNorm BuildNorm(NormBlueprint norm, Func<string, Tensor> load) =>
        new(norm, Keep(norm.WeightName, load), norm.HasBias ? Keep(norm.BiasName, load) : null);

    private Tensor Keep(string name, Func<string, Tensor> load) => _weights[name] = load(name);
}

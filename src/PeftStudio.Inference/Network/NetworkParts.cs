using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Inference.Adapters;
using PeftStudio.Inference.Kernels;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Network;

/// <summary>The modules that a blueprint names, with their weights; owns all of their memory.</summary>
internal sealed class NetworkParts<T> : IDisposable
    where T : unmanaged, IElement<T>
{
    private readonly List<Linear<T>> _linears = [];
    private readonly List<Norm<T>> _norms = [];
    private Embedding<T>? _embedding;

    private NetworkParts()
    {
    }

    internal Embedding<T> Embedding => _embedding!;

    internal IReadOnlyList<Rotary<T>> Rotaries { get; private set; } = [];

    internal IReadOnlyList<Layer<T>> Layers { get; private set; } = [];

    internal Norm<T>? FinalNorm { get; private set; }

    internal Head<T> Head { get; private set; } = null!;

    /// <summary>Every linear.</summary>
    internal IReadOnlyList<Linear<T>> Linears => _linears;

    /// <summary>Where adapters can attach, in order of their numbers.</summary>
    internal IReadOnlyList<LinearShape> Shapes { get; private set; } = [];

    /// <summary>Bytes of weights; what is used twice counts once.</summary>
    internal long Bytes => Embedding.Table.Bytes + _linears.Sum(l => l.Bytes) + _norms.Sum(n => n.Bytes);

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="checkpoint">Blueprint and tensors.</param>
    /// <param name="merged">Updates that become part of the weights.</param>
    /// <param name="threads">Threads that read and pack.</param>
    /// <param name="cancellationToken">Stops reading; nothing is left in memory.</param>
    internal static NetworkParts<T> Read(Checkpoint checkpoint, IReadOnlyList<LinearDelta> merged, int threads, CancellationToken cancellationToken)
    {
        var blueprint = checkpoint.Blueprint;
        var shapes = ShapesOf(blueprint);
        var byPath = DeltaCheck.ByLinear(merged, shapes).Values.ToDictionary(d => d.Path, StringComparer.Ordinal);
        var parts = new NetworkParts<T> { Shapes = shapes };
        try
        {
            parts.Build(blueprint, new WeightReader(checkpoint, byPath, threads, cancellationToken), byPath);
            return parts;
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var linear in _linears) linear.Dispose();
        _embedding?.Dispose();
    }

    private static LinearShape[] ShapesOf(ModelBlueprint blueprint)
    {
        var shapes = blueprint.Linears.Select(l => new LinearShape(l.Path, l.InFeatures, l.OutFeatures)).ToList();
        if (blueprint.Head.IsTied) shapes.Add(new(blueprint.Head.Path, blueprint.Embedding.Width, blueprint.Embedding.Rows));
        return [.. shapes];
    }

    private void Build(ModelBlueprint blueprint, WeightReader reader, Dictionary<string, LinearDelta> merged)
    {
        var embedding = blueprint.Embedding;
        var numbers = Shapes.Select((shape, i) => (shape.Path, i)).ToDictionary(n => n.Path, n => n.i, StringComparer.Ordinal);
        _embedding = new(embedding, reader.Matrix<T>(embedding.WeightName, embedding.Rows, embedding.Width, null));
        var rotaries = blueprint.Ropes.Select((rope, i) => (Rope: rope, Rotary: new Rotary<T>(rope, i))).ToDictionary(r => r.Rope, r => r.Rotary);
        Rotaries = [.. rotaries.Values];
        Layers = blueprint.Layers.Select((layer, i) => new Layer<T>(
            blueprint.HiddenSize,
            Norm(layer.AttentionInputNorm),
            new(layer.Attention, i, layer.Attention.Rope is { } rope ? rotaries[rope] : null, Linear),
            Norm(layer.FeedForwardInputNorm),
            new(layer.FeedForward, Linear))).ToArray();
        FinalNorm = Norm(blueprint.FinalNorm);
        Head = new(blueprint.Head, blueprint.Head.Linear is { } head ? Linear(head) : TiedHead());

        Linear<T> Linear(LinearBlueprint linear)
        {
            var weight = reader.Weight<T>(linear);
            return Add(linear.Path, weight, ownsWeight: true, linear);
        }

        // An update merged into a tied head must not reach the embedding: the head then gets a copy of its own.
        Linear<T> TiedHead()
        {
            var delta = merged.GetValueOrDefault(blueprint.Head.Path);
            return delta is null
                ? Add(blueprint.Head.Path, Embedding.Table, ownsWeight: false, null)
                : Add(blueprint.Head.Path, reader.Matrix<T>(embedding.WeightName, embedding.Rows, embedding.Width, delta), ownsWeight: true, null);
        }

        Linear<T> Add(string path, PanelMatrix<T> weight, bool ownsWeight, LinearBlueprint? withBias)
        {
            var bias = withBias is null ? null : reader.Bias<T>(withBias);
            var added = new Linear<T>(path, numbers[path], weight, ownsWeight, bias);
            _linears.Add(added);
            return added;
        }

        Norm<T>? Norm(NormBlueprint? norm)
        {
            if (norm is null) return null;
            var added = new Norm<T>(norm, reader.Vector<T>(norm.WeightName), norm.HasBias ? reader.Vector<T>(norm.BiasName) : null);
            _norms.Add(added);
            return added;
        }
    }
}

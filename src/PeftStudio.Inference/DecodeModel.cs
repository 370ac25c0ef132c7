using PeftStudio.Formats.Blueprints;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Inference.Adapters;
using PeftStudio.Inference.Memory;
using PeftStudio.Inference.Network;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference;

/// <summary>
/// A decoder in memory that computes scores for the next token, in managed code. Sessions share its weights; adapters are applied
/// beside them, so that each session can use another one. Thread-safe; a session is for one caller at a time.
/// </summary>
/// <remarks>
/// Results are the same bits whether tokens come one by one or many at once, alone or beside other sequences, on one thread or several.
/// The host disposes the model; memory is freed when its last session is disposed too.
/// </remarks>
public sealed class DecodeModel : IDisposable
{
    private readonly DecoderNetwork _network;
    private readonly Lock _adapterLock = new();
    private readonly Dictionary<string, LoadedAdapter> _adapters = new(StringComparer.Ordinal);

    private DecodeModel(DecoderNetwork network, DecodeModelOptions options)
    {
        _network = network;
        ComputeType = options.ComputeType;
        ContextLength = options.ContextLength ?? DefaultContext(network.Blueprint);
        Lifetime = new Lifetime(network.Dispose);
    }

    /// <summary>What the model was built from.</summary>
    public ModelBlueprint Blueprint => _network.Blueprint;

    /// <summary>Element type of weights, activations and caches.</summary>
    public ComputeType ComputeType { get; }

    /// <summary>Most tokens of a session.</summary>
    public int ContextLength { get; }

    /// <summary>Bytes of weights in memory.</summary>
    public long WeightBytes => _network.WeightBytes;

    /// <summary>Names of the adapters that are loaded, in alphabetical order.</summary>
    public IReadOnlyList<string> AdapterNames
    {
        get
        {
            lock (_adapterLock) return [.. _adapters.Keys.Order(StringComparer.Ordinal)];
        }
    }

    internal Lifetime Lifetime { get; }

    internal DecoderNetwork Network => _network;

    /// <summary>Loads a checkpoint. Everything is read now; the checkpoint is not needed afterwards.</summary>
    /// <param name="checkpoint">Blueprint and tensors.</param>
    /// <param name="options">Element type, threads, context; defaults unless given.</param>
    /// <param name="cancellationToken">Stops loading; nothing stays in memory.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidOptions"/>, <see cref="ErrorCodes.AdapterDoesNotFit"/>,
    /// <see cref="ErrorCodes.UnsupportedTensorType"/> or <see cref="ErrorCodes.BlueprintFeatureNotSupported"/>.</exception>
    public static DecodeModel Load(Checkpoint checkpoint, DecodeModelOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        options ??= new();
        var threads = options.Threads ?? Math.Min(Environment.ProcessorCount, 256);
        if (threads is < 1 or > 256) throw InferenceErrors.OptionOutOfRange(nameof(options.Threads), threads, "1 to 256");
        if (options.ContextLength is < 1) throw InferenceErrors.OptionOutOfRange(nameof(options.ContextLength), options.ContextLength, "at least 1");
        DecoderNetwork network = options.ComputeType switch
        {
            ComputeType.Float32 => new DecoderNetwork<Float32>(checkpoint, options.Merged, threads, cancellationToken),
            ComputeType.BFloat16 => new DecoderNetwork<BFloat16>(checkpoint, options.Merged, threads, cancellationToken),
            _ => throw InferenceErrors.OptionOutOfRange(nameof(options.ComputeType), options.ComputeType, "Float32 or BFloat16"),
        };
        return new DecodeModel(network, options);
    }

    /// <summary>The same off the caller's thread.</summary>
    public static Task<DecodeModel> LoadAsync(Checkpoint checkpoint, DecodeModelOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Load(checkpoint, options, cancellationToken), cancellationToken);

    /// <summary>Starts a sequence with an empty cache; the caller disposes it.</summary>
    /// <param name="adapter">Name of a loaded adapter, or null for the base model.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnknownAdapter"/>.</exception>
    public DecodeSession CreateSession(string? adapter = null)
    {
        ObjectDisposedException.ThrowIf(!Lifetime.TryEnter(), this);
        try
        {
            return new DecodeSession(this, EnterAdapter(adapter));
        }
        catch
        {
            Lifetime.Leave();
            throw;
        }
    }

    /// <summary>Loads an adapter beside the weights, which stay as they are.</summary>
    /// <param name="name">What sessions will call it.</param>
    /// <param name="deltas">At most one update a linear.</param>
    /// <exception cref="PeftStudioException">Loads nothing: <see cref="ErrorCodes.AdapterDoesNotFit"/>, <see cref="ErrorCodes.AdapterExists"/>.</exception>
    public void LoadAdapter(string name, IReadOnlyList<LinearDelta> deltas)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(deltas);
        var adapter = LoadedAdapter.Pack(name, deltas, _network.Linears);
        lock (_adapterLock)
        {
            if (!Lifetime.IsClosed && _adapters.TryAdd(name, adapter)) return;
        }

        adapter.Lifetime.Close();
        ObjectDisposedException.ThrowIf(Lifetime.IsClosed, this);
        throw InferenceErrors.AdapterExists(name);
    }

    /// <summary>Unloads an adapter; sessions that use it keep it until they are disposed or change theirs.</summary>
    /// <returns>Whether there was one of that name.</returns>
    public bool UnloadAdapter(string name)
    {
        LoadedAdapter? adapter;
        lock (_adapterLock)
        {
            if (!_adapters.Remove(name, out adapter)) return false;
        }

        adapter.Lifetime.Close();
        return true;
    }

    /// <summary>Computes new tokens of several sessions in one pass over the weights.</summary>
    /// <param name="steps">One a session, each session at most once.</param>
    /// <param name="logits">[sum of <see cref="SequenceStep.LogitCount"/> over the steps, V], in order.</param>
    /// <param name="cancellationToken">Checked before every layer; sessions are then as before.</param>
    /// <exception cref="PeftStudioException">Computes nothing: <see cref="ErrorCodes.ContextExceeded"/>, <see cref="ErrorCodes.TokenOutOfRange"/>.</exception>
    public void Forward(ReadOnlySpan<SequenceStep> steps, Span<float> logits, CancellationToken cancellationToken = default) =>
        StepRunner.Run(this, steps, logits, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        LoadedAdapter[] adapters;
        lock (_adapterLock)
        {
            adapters = [.. _adapters.Values];
            _adapters.Clear();
        }

        foreach (var adapter in adapters) adapter.Lifetime.Close();
        Lifetime.Close();
    }

    /// <summary>Finds an adapter and counts its user in.</summary>
    internal LoadedAdapter? EnterAdapter(string? name)
    {
        if (name is null) return null;
        lock (_adapterLock)
        {
            if (_adapters.TryGetValue(name, out var adapter) && adapter.Lifetime.TryEnter()) return adapter;
        }

        throw InferenceErrors.UnknownAdapter(name, AdapterNames);
    }

    // Dynamic scaling is made for texts up to factor times the trained length.
    private static int DefaultContext(ModelBlueprint blueprint)
    {
        var dynamic = blueprint.Ropes.Select(r => r.Scaling).OfType<RopeScaling.Dynamic>().FirstOrDefault();
        return dynamic is null ? blueprint.MaxPositions : (int)Math.Clamp(dynamic.Factor * dynamic.MaxPositions, 1, int.MaxValue);
    }
}

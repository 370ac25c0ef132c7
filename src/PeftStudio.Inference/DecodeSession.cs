using System.Runtime.InteropServices;
using PeftStudio.Inference.Adapters;
using PeftStudio.Inference.Network;

namespace PeftStudio.Inference;

/// <summary>
/// One sequence: the keys and values of its tokens, and the adapter that it uses. Independent of other sessions of the model.
/// For one caller at a time; the caller disposes it.
/// </summary>
public sealed class DecodeSession : IDisposable
{
    private readonly int[] _oneId = new int[1];
    private readonly SequenceStep[] _oneStep = new SequenceStep[1];
    private readonly List<int> _tokens = [];
    private int[] _positions = [];
    private float[] _logits = [];
    private int _busy;
    private bool _disposed;

    internal DecodeSession(DecodeModel model, LoadedAdapter? adapter)
    {
        Model = model;
        LoadedAdapter = adapter;
        Cache = model.Network.CreateCache(model.ContextLength);
    }

    /// <summary>The model.</summary>
    public DecodeModel Model { get; }

    /// <summary>Number of tokens in the cache.</summary>
    public int Length => _tokens.Count;

    /// <summary>The tokens in the cache, valid until the next call.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Name of the adapter in use, or null for the base model.</summary>
    public string? Adapter => LoadedAdapter?.Name;

    /// <summary>Bytes of keys and values in memory; grows by doubling.</summary>
    public long CacheBytes => Cache.Bytes;

    internal KeyValueCache Cache { get; }

    internal LoadedAdapter? LoadedAdapter { get; private set; }

    /// <summary>Appends tokens and scores what may follow the last of them.</summary>
    /// <param name="ids">At least one token id.</param>
    /// <param name="cancellationToken">Checked before every layer; the session is then as before.</param>
    /// <returns>Logits [V], valid until the next call.</returns>
    /// <exception cref="PeftStudioException">Computes nothing: <see cref="ErrorCodes.ContextExceeded"/>, <see cref="ErrorCodes.TokenOutOfRange"/>.</exception>
    public ReadOnlySpan<float> Append(ReadOnlyMemory<int> ids, CancellationToken cancellationToken = default)
    {
        if (_logits.Length == 0) _logits = new float[Model.Blueprint.VocabularySize];
        Run(ids, 1, _logits, cancellationToken);
        return _logits;
    }

    /// <summary>Appends one token; see <see cref="Append(ReadOnlyMemory{int}, CancellationToken)"/>.</summary>
    public ReadOnlySpan<float> Append(int id, CancellationToken cancellationToken = default)
    {
        _oneId[0] = id;
        return Append(_oneId, cancellationToken);
    }

    /// <summary>Appends tokens and scores what may follow each of them.</summary>
    /// <param name="ids">At least one token id.</param>
    /// <param name="logits">[T, V].</param>
    /// <param name="cancellationToken">Checked before every layer; the session is then as before.</param>
    public void AppendAll(ReadOnlyMemory<int> ids, Span<float> logits, CancellationToken cancellationToken = default) =>
        Run(ids, ids.Length, logits, cancellationToken);

    /// <summary>Forgets the tokens from a position on; what comes before stays.</summary>
    /// <param name="length">Tokens to keep: 0 to <see cref="Length"/>.</param>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Begin();
        _tokens.RemoveRange(length, _tokens.Count - length);
        End();
    }

    /// <summary>Changes the adapter and forgets all tokens, since their keys and values belong to the other one.</summary>
    /// <param name="name">Name of a loaded adapter, or null for the base model.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.UnknownAdapter"/>; the session is as before.</exception>
    public void UseAdapter(string? name)
    {
        Begin();
        try
        {
            var next = Model.EnterAdapter(name);
            LoadedAdapter?.Lifetime.Leave();
            LoadedAdapter = next;
            _tokens.Clear();
        }
        finally
        {
            End();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        Take();
        _disposed = true;
        Cache.Dispose();
        LoadedAdapter?.Lifetime.Leave();
        LoadedAdapter = null;
        Model.Lifetime.Leave();
    }

    /// <summary>Takes the session for one call.</summary>
    internal void Begin()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ObjectDisposedException.ThrowIf(Model.Lifetime.IsClosed, Model);
        Take();
    }

    internal void End() => Volatile.Write(ref _busy, 0);

    internal void Lengthen(ReadOnlySpan<int> ids) => _tokens.AddRange(ids);

    /// <summary>The positions after the last token.</summary>
    internal ReadOnlyMemory<int> NextPositions(int count)
    {
        if (_positions.Length < count) _positions = new int[Math.Max(count, Math.Min(2 * _positions.Length, Model.ContextLength))];
        for (var i = 0; i < count; i++) _positions[i] = Length + i;
        return _positions.AsMemory(0, count);
    }

    private void Run(ReadOnlyMemory<int> ids, int logitCount, Span<float> logits, CancellationToken cancellationToken)
    {
        _oneStep[0] = new SequenceStep(this, ids) { LogitCount = logitCount };
        StepRunner.Run(Model, _oneStep, logits, cancellationToken);
    }

    private void Take()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 0) return;
        throw new InvalidOperationException("The session is in use: it takes one call at a time, and one step of a batch.");
    }
}

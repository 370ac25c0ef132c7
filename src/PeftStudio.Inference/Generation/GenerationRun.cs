using PeftStudio.Inference.Generation.Sampling;

namespace PeftStudio.Inference.Generation;

/// <summary>One answer in the making: appends, samples, and knows when to stop. Everything is checked before anything is computed.</summary>
internal sealed class GenerationRun
{
    private readonly DecodeSession _session;
    private readonly GenerationOptions _options;
    private readonly IReadOnlyList<int> _eosTokenIds;
    private readonly TokenSampler _sampler;
    private ReadOnlyMemory<int> _next;
    private int[]? _lastId;
    private int _count;

    /// <param name="session">Where the prompt is appended.</param>
    /// <param name="prompt">Ids; may be empty when the session's last logits are of no use, which is refused.</param>
    /// <param name="options">Checked here.</param>
    /// <param name="vocabulary">Ids that may be chosen are below this.</param>
    internal GenerationRun(DecodeSession session, ReadOnlyMemory<int> prompt, GenerationOptions options, int vocabulary)
    {
        options.Validate();
        if (prompt.IsEmpty) throw InferenceErrors.EmptyPrompt();
        var limit = session.Model.ContextLength;
        if ((long)session.Length + prompt.Length + options.MaxTokens > limit)
        {
            throw InferenceErrors.ContextExceeded(session.Length, prompt.Length, options.MaxTokens, limit);
        }

        _session = session;
        _options = options;
        _next = prompt;
        _eosTokenIds = options.EosTokenIds ?? session.Model.Blueprint.EosTokenIds;
        Seed = options.Seed ?? Random.Shared.NextInt64();
        _sampler = new TokenSampler(options, vocabulary, new SeededRandom(Seed).NextDouble);
    }

    /// <summary>Seed of the draws.</summary>
    internal long Seed { get; }

    /// <summary>The token that <see cref="MoveNext"/> found.</summary>
    internal GeneratedToken Current { get; private set; }

    /// <summary>Computes one token; false after the last one.</summary>
    internal bool MoveNext(CancellationToken cancellationToken)
    {
        if (_count > 0 && Current.Finish is not null) return false;
        cancellationToken.ThrowIfCancellationRequested();
        var logits = _session.Append(_next, cancellationToken);
        var id = _sampler.Next(_session.Tokens, logits, _count);
        var finish = _eosTokenIds.Contains(id) ? FinishReason.EndOfText : _count + 1 == _options.MaxTokens ? FinishReason.Length : (FinishReason?)null;
        Current = new(id, _count++, finish);
        _lastId ??= new int[1];
        _lastId[0] = id;
        _next = _lastId;
        return true;
    }
}

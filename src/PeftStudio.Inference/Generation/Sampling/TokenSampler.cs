using System.Numerics.Tensors;

namespace PeftStudio.Inference.Generation.Sampling;

/// <summary>Chooses the next token from logits, as the options say. One a sequence, so that its draws do not depend on others.</summary>
internal sealed class TokenSampler
{
    private readonly ILogitsProcessor[] _processors;
    private readonly DescendingRanking _ranking;
    private readonly Func<double>? _uniform;
    private readonly float[] _logits;

    /// <param name="options">Valid options.</param>
    /// <param name="vocabulary">Ids that may be chosen are below this.</param>
    /// <param name="uniform">Gives numbers from 0 to less than 1, one a draw.</param>
    internal TokenSampler(GenerationOptions options, int vocabulary, Func<double> uniform)
    {
        _logits = new float[vocabulary];
        _ranking = new(vocabulary);
        var processors = new List<ILogitsProcessor>();
        if (options.RepetitionPenalty != 1) processors.Add(new RepetitionPenalty((float)options.RepetitionPenalty, vocabulary));
        if (options.Temperature > 0)
        {
            _uniform = uniform;
            if (options.Temperature != 1) processors.Add(new Temperature((float)options.Temperature));
            if (options.TopK > 0) processors.Add(new TopK(options.TopK));
            if (options.TopP < 1) processors.Add(new TopP(options.TopP, _ranking));
        }

        _processors = [.. processors];
    }

    /// <summary>Chooses a token.</summary>
    /// <param name="history">Ids of prompt and answer so far.</param>
    /// <param name="logits">The model's scores.</param>
    /// <param name="step">Number of the token in the answer, for messages.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.LogitsNotFinite"/>.</exception>
    internal int Next(ReadOnlySpan<int> history, ReadOnlySpan<float> logits, int step)
    {
        logits[.._logits.Length].CopyTo(_logits);
        var best = TensorPrimitives.Max<float>(_logits);
        if (!float.IsFinite(best)) throw InferenceErrors.LogitsNotFinite(step);
        foreach (var processor in _processors) processor.Process(history, _logits);
        return _uniform is null ? TensorPrimitives.IndexOfMax(_logits) : Draw(_uniform());
    }

    /// <summary>The first token, from the most probable on, at which the sum of probabilities exceeds a number from 0 to less than 1.</summary>
    private int Draw(double uniform)
    {
        _ranking.Rank(_logits, lowestIdFirst: true);
        var (sum, chosen) = (0.0, -1);
        while (sum <= uniform * _ranking.Total && _ranking.TryNext(out var id, out var weight))
        {
            chosen = id;
            sum += weight;
        }

        return chosen;
    }
}

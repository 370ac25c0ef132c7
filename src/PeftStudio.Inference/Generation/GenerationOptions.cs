namespace PeftStudio.Inference;

/// <summary>How tokens are chosen and when a text ends. The order is that of transformers: penalty, temperature, top-k, top-p, draw.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most tokens of the answer: 1 to 4096; 512 unless set.</summary>
    public int MaxTokens { get; init; } = 512;

    /// <summary>Divisor of the logits: 0 to 2; 0.7 unless set. 0 takes the best token each time, the lowest id among equals.</summary>
    public double Temperature { get; init; } = 0.7;

    /// <summary>Share of probability that the kept tokens reach together: 0 to 1; 0.9 unless set, 1 for off. At least one token is kept.</summary>
    public double TopP { get; init; } = 0.9;

    /// <summary>Number of best tokens that are kept, more if equals tie: 0 to 100; 50 unless set, 0 for off.</summary>
    public int TopK { get; init; } = 50;

    /// <summary>
    /// Divides positive logits of tokens that occurred in prompt or answer, multiplies negative ones (Keskar et al. 2019): 1 to 2; 1.1 unless set, 1 for off.
    /// Applies at temperature 0 too.
    /// </summary>
    public double RepetitionPenalty { get; init; } = 1.1;

    /// <summary>Texts that end the answer; they are not part of it. None unless set; they need a tokenizer.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Ids that end the answer; null for those of the model's configuration.</summary>
    public IReadOnlyList<int>? EosTokenIds { get; init; }

    /// <summary>Seed of the draws; null for a random one, which the run names. Equal seeds give equal answers on equal machines.</summary>
    public long? Seed { get; init; }

    /// <summary>Checks all ranges at once.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.InvalidOptions"/>, with each name, value and range.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        Check(nameof(MaxTokens), MaxTokens, 1, 4096);
        Check(nameof(Temperature), Temperature, 0, 2);
        Check(nameof(TopP), TopP, 0, 1);
        Check(nameof(TopK), TopK, 0, 100);
        Check(nameof(RepetitionPenalty), RepetitionPenalty, 1, 2);
        if (StopStrings.Any(string.IsNullOrEmpty)) faults.Add($"{nameof(StopStrings)} holds an empty text");
        if (faults.Count > 0) throw InferenceErrors.InvalidGenerationOptions(faults);

        void Check(string name, double value, double least, double most)
        {
            if (!(value >= least && value <= most)) faults.Add(FormattableString.Invariant($"{name} = {value}, accepted {least} to {most}"));
        }
    }
}

namespace PeftStudio.Training.Runs;

/// <summary>What a finished run measured.</summary>
public sealed record RunFigures
{
    /// <summary>Optimizer steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Seconds of training, pauses, loading and evaluation left out; of a resumed run, of all its parts.</summary>
    public required double Seconds { get; init; }

    /// <summary>Tokens trained on in a second, padding left out.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Largest resident memory of the process in MB.</summary>
    public required double PeakMemoryMb { get; init; }

    /// <summary>Held-out loss before the first step, in nats a token; null without held-out rows.</summary>
    public required double? HeldoutLossBefore { get; init; }

    /// <summary>Held-out loss after the last step.</summary>
    public required double? HeldoutLossAfter { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Versions of the parts that decide the numbers.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }
}

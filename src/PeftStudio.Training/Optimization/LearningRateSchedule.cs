namespace PeftStudio.Training.Optimization;

/// <summary>Shape of the learning rate over a run, under the names of transformers.</summary>
public enum ScheduleKind
{
    /// <summary>Falls in a line to zero.</summary>
    Linear,

    /// <summary>Falls along half a cosine to zero.</summary>
    Cosine,

    /// <summary>Stays; no warm-up.</summary>
    Constant,

    /// <summary>Rises during warm-up, then stays.</summary>
    ConstantWithWarmup,
}

/// <summary>The factor on the learning rate at each optimizer step, as transformers' <c>get_scheduler</c> computes it.</summary>
/// <param name="Kind">Shape after the warm-up.</param>
/// <param name="WarmupSteps">W: the factor rises as t/W, so the first step of a warm-up has rate 0.</param>
/// <param name="TotalSteps">T.</param>
internal sealed record LearningRateSchedule(ScheduleKind Kind, int WarmupSteps, int TotalSteps)
{
    /// <summary>Half waves of the cosine: 0.5 falls once.</summary>
    internal double Cycles { get; init; } = 0.5;

    /// <summary>The factor of optimizer step <paramref name="step"/>, counted from 0.</summary>
    internal double Factor(int step)
    {
        if (Kind == ScheduleKind.Constant) return 1;
        if (step < WarmupSteps) return (double)step / Math.Max(1, WarmupSteps);
        var span = (double)Math.Max(1, TotalSteps - WarmupSteps);
        return Kind switch
        {
            ScheduleKind.Linear => Math.Max(0, (TotalSteps - step) / span),
            ScheduleKind.Cosine => Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * Cycles * 2 * ((step - WarmupSteps) / span)))),
            _ => 1,
        };
    }

    /// <summary>Warm-up steps of a ratio: rounded up.</summary>
    internal static int StepsOfRatio(double ratio, int totalSteps) => (int)Math.Ceiling(ratio * totalSteps);
}

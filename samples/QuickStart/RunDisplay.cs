using PeftStudio.Training.Runs;

namespace PeftStudio.QuickStart;

/// <summary>Shows a run while it goes on: one living line on a terminal, a plain line every few seconds elsewhere.</summary>
internal abstract class RunDisplay(TextWriter output)
{
    protected TextWriter Output => output;

    /// <summary>Last held-out loss.</summary>
    protected Evaluated? HeldOut { get; private set; }

    internal static RunDisplay Create(TextWriter output) =>
        Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is "dumb" ? new PlainDisplay(output) : new TerminalDisplay(output);

    internal void Show(TrainingEvent e)
    {
        switch (e)
        {
            case TrainingPlanned planned:
                Line($" fine-tuning: {planned.Plan}");
                Line(" Ctrl+C stops after a step and keeps everything; twice stops at once.");
                break;
            case StepCompleted step:
                Step(step.Metrics);
                break;
            case Evaluated evaluated:
                HeldOut = evaluated;
                if (evaluated.Step == 0) Line(FormattableString.Invariant($" held-out loss before training: {evaluated.Loss:F3}"));
                break;
            case RunWarning warning:
                Line(" " + warning);
                break;
            case StateChanged { State: RunState.Failed } failed:
                Line($" failed: {failed.Detail.Split('\n')[0]}");
                break;
        }
    }

    /// <summary>A line that stays.</summary>
    protected abstract void Line(string text);

    /// <summary>A step was made.</summary>
    protected abstract void Step(StepMetrics metrics);

    /// <summary>The figures of a step in one line.</summary>
    protected string Describe(StepMetrics m)
    {
        var held = HeldOut is { Step: > 0 } h ? FormattableString.Invariant($"  held-out {h.Loss:F3} (step {h.Step})") : string.Empty;
        var left = m.Remaining.TotalMinutes >= 1 ? FormattableString.Invariant($"{m.Remaining.TotalMinutes:F0} min") : FormattableString.Invariant($"{m.Remaining.TotalSeconds:F0} s");
        return FormattableString.Invariant($"loss {m.Loss:F3}{held}  {m.TokensPerSecond:N0} tok/s  {m.MemoryMb:F0} MB  {left} left");
    }
}

using System.Reflection;
using PeftStudio.Engine.Diagnostics;
using PeftStudio.Training.Checkpoints;
using PeftStudio.Training.Reports;

namespace PeftStudio.Training.Runs;

/// <summary>Counts a run's steps, tokens and seconds, and keeps its log; goes on from a checkpoint's state.</summary>
internal sealed class RunProgress
{
    // Steps that the shown speed is averaged over.
    private const int SpeedWindow = 20;

    private readonly RunPlan _plan;
    private readonly List<LogEntry> _log = [];
    private readonly Queue<(long Tokens, TimeSpan Time)> _recent = new();
    private TimeSpan _elapsed;
    private long _tokens;
    private double? _best;
    private int? _bestStep;

    internal RunProgress(TimeProvider clock, RunPlan plan, TrainingState? resumed)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _plan = plan;
        if (resumed is null) return;
        _log.AddRange(resumed.LogHistory);
        _elapsed = TimeSpan.FromSeconds(resumed.Seconds);
        _tokens = resumed.Tokens;
        StepsDone = resumed.GlobalStep;
        HeldoutBefore = resumed.HeldoutLossBefore;
        (_best, _bestStep) = (resumed.BestMetric, resumed.BestGlobalStep);
    }

    internal int StepsDone { get; private set; }

    internal double? HeldoutBefore { get; set; }

    internal double? HeldoutAfter { get; set; }

    /// <summary>The losses so far, for a plot.</summary>
    internal LossCurve Curve(string? model) => new()
    {
        Title = $"LoRA on {model}",
        Training = [.. _log.Where(e => e.Loss is not null).Select(e => new LossPoint(e.Step, e.Loss!.Value))],
        HeldOut = [.. _log.Where(e => e.EvaluationLoss is not null).Select(e => new LossPoint(e.Step, e.EvaluationLoss!.Value))],
    };

    internal StepMetrics Record(int stepsDone, StepResult result, long tokens, TimeSpan time)
    {
        StepsDone = stepsDone;
        _elapsed += time;
        _tokens += tokens;
        _recent.Enqueue((tokens, time));
        if (_recent.Count > SpeedWindow) _recent.Dequeue();
        _log.Add(new LogEntry { Step = stepsDone, Loss = result.Loss, GradientNorm = result.GradientNorm, LearningRate = result.LearningRate });
        var recentTime = _recent.Aggregate(TimeSpan.Zero, (sum, r) => sum + r.Time);
        return new StepMetrics
        {
            Step = stepsDone,
            TotalSteps = _plan.TotalSteps,
            Epoch = (double)stepsDone / _plan.StepsPerEpoch,
            Loss = result.Loss,
            GradientNorm = result.GradientNorm,
            LearningRate = result.LearningRate,
            Tokens = tokens,
            TokensPerSecond = _recent.Sum(r => r.Tokens) / Math.Max(recentTime.TotalSeconds, 1e-9),
            MemoryMb = ProcessMemory.Read().CurrentMegabytes,
            Elapsed = _elapsed,
            Remaining = recentTime / _recent.Count * (_plan.TotalSteps - stepsDone),
        };
    }

    internal void RecordEvaluation(int step, double loss)
    {
        _log.Add(new LogEntry { Step = step, EvaluationLoss = loss });
        if (step == 0 || !(loss < (_best ?? double.PositiveInfinity))) return; // a loss that is not a number is never the best
        (_best, _bestStep) = (loss, step);
    }

    internal TrainingState ToState(string fingerprint) => new()
    {
        GlobalStep = StepsDone,
        MaxSteps = _plan.TotalSteps,
        Epoch = (double)StepsDone / _plan.StepsPerEpoch,
        BestMetric = _best,
        BestGlobalStep = _bestStep,
        LogHistory = [.. _log],
        RunFingerprint = fingerprint,
        HeldoutLossBefore = HeldoutBefore,
        Seconds = _elapsed.TotalSeconds,
        Tokens = _tokens,
    };

    internal RunFigures Figures(int seed)
    {
        return new RunFigures
        {
            Steps = StepsDone,
            Seconds = Math.Round(_elapsed.TotalSeconds, 3),
            TokensPerSecond = Math.Round(_tokens / Math.Max(_elapsed.TotalSeconds, 1e-9), 1),
            PeakMemoryMb = Math.Round(ProcessMemory.Read().PeakMegabytes, 1),
            HeldoutLossBefore = HeldoutBefore,
            HeldoutLossAfter = HeldoutAfter,
            Seed = seed,
            Versions = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["peftstudio"] = VersionOf(typeof(RunProgress).Assembly),
                ["torchsharp"] = VersionOf(typeof(TorchSharp.torch).Assembly),
                ["dotnet"] = Environment.Version.ToString(),
                ["os"] = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
            },
        };
    }

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? assembly.GetName().Version!.ToString();
}

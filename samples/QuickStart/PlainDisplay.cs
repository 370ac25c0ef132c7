using System.Diagnostics;
using PeftStudio.Training.Runs;

namespace PeftStudio.QuickStart;

/// <summary>Plain lines without control codes: the first and last step, and one every few seconds between.</summary>
internal sealed class PlainDisplay(TextWriter output) : RunDisplay(output)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly Stopwatch _sinceLast = new();

    protected override void Line(string text) => Output.WriteLine(text);

    protected override void Step(StepMetrics metrics)
    {
        if (_sinceLast.IsRunning && _sinceLast.Elapsed < Interval && metrics.Step != metrics.TotalSteps) return;
        _sinceLast.Restart();
        Output.WriteLine($" step {metrics.Step}/{metrics.TotalSteps}  {Describe(metrics)}");
    }
}

using PeftStudio.Training.Runs;

namespace PeftStudio.QuickStart;

/// <summary>One line that is rewritten with each step: position, bar, loss with its course, speed, memory, time left.</summary>
internal sealed class TerminalDisplay(TextWriter output) : RunDisplay(output)
{
    private const int BarWidth = 28;
    private const string Levels = "▁▂▃▄▅▆▇█";
    private const string ClearLine = "\r\u001b[2K";
    private const int CourseLength = 8;

    private readonly List<double> _losses = [];
    private bool _living;

    protected override void Line(string text)
    {
        if (_living) Output.Write(ClearLine);
        Output.WriteLine(text);
        _living = false;
    }

    protected override void Step(StepMetrics metrics)
    {
        _losses.Add(metrics.Loss);
        var filled = BarWidth * metrics.Step / metrics.TotalSteps;
        var bar = new string('━', filled) + (filled < BarWidth ? "╸" + new string('─', BarWidth - filled - 1) : string.Empty);
        var line = $" step {metrics.Step}/{metrics.TotalSteps} {bar} {Course()} {Describe(metrics)}";
        var width = WindowWidth();
        Output.Write(ClearLine + (line.Length > width ? line[..width] : line));
        _living = true;
        if (metrics.Step != metrics.TotalSteps) return;
        Output.WriteLine();
        _living = false;
    }

    // The whole course so far in a few characters, each the mean of its share of the steps.
    private string Course()
    {
        var count = Math.Min(CourseLength, _losses.Count);
        var means = Enumerable.Range(0, count).Select(i => _losses[(_losses.Count * i / count)..(_losses.Count * (i + 1) / count)].Average()).ToArray();
        var (low, high) = (means.Min(), means.Max());
        return string.Concat(means.Select(m => Levels[high - low < 1e-9 ? 0 : (int)((m - low) / (high - low) * (Levels.Length - 1))]));
    }

    private static int WindowWidth()
    {
        try
        {
            return Math.Max(20, Console.WindowWidth - 1);
        }
        catch (IOException)
        {
            return 119;
        }
    }
}

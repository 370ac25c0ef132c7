using PeftStudio.Training.Runs;

namespace PeftStudio.QuickStart;

/// <summary>The program's main job: show what the model says, train it, show what it says then.</summary>
internal sealed class FineTuneDemo(TextWriter output)
{
    internal async Task<int> RunAsync(IReadOnlyDictionary<string, string> commandLine, string? resume, CancellationToken cancellationToken)
    {
        await using var studio = PeftStudioHost.CreateDefault();
        using var stop = new CtrlC(output);
        var run = resume is null ? await StartAsync(studio, commandLine, cancellationToken) : await studio.ResumeAsync(resume, cancellationToken);
        stop.Attach(run);
        var model = RunRecord.Load(run.Folder).Settings["Model"].Value!;
        var before = await ShowBaseAsync(model, cancellationToken);
        var display = RunDisplay.Create(output);
        await foreach (var e in run.WatchAsync(cancellationToken: CancellationToken.None)) display.Show(e);
        try
        {
            var adapter = await run.Completion;
            Summary.Write(output, adapter, before, await Continuations.OfAsync(model, adapter.Folder, cancellationToken));
            return 0;
        }
        catch (OperationCanceledException)
        {
            output.WriteLine($" stopped; everything so far is kept. Go on with:\n   dotnet run --project samples/QuickStart -- --resume {run.Folder}");
            return 130;
        }
    }

    private static Task<TrainingRun> StartAsync(IPeftStudio studio, IReadOnlyDictionary<string, string> commandLine, CancellationToken cancellationToken)
    {
        var model = commandLine.GetValueOrDefault("Model") ?? QuickStartPreset.Values["Model"];
        return QuickStartPreset.Apply(studio.FineTune(model), commandLine).StartAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<string>> ShowBaseAsync(string model, CancellationToken cancellationToken)
    {
        var answers = await Continuations.OfAsync(model, adapter: null, cancellationToken);
        output.WriteLine($" {Path.GetFileName(Path.TrimEndingDirectorySeparator(model))} before training");
        for (var i = 0; i < answers.Count; i++)
        {
            output.WriteLine($"   {QuickStartPreset.Prompts[i].ReplaceLineEndings("⏎")} … {answers[i].Trim().ReplaceLineEndings("⏎")}");
        }

        output.WriteLine();
        return answers;
    }
}

using PeftStudio.Training.Runs;

namespace PeftStudio.Architecture.Snippets;

internal static class Running
{
    internal static async Task Watch(TrainingRun run, CancellationToken cancellationToken)
    {
        await foreach (var e in run.WatchAsync(from: 0, cancellationToken))
        {
            switch (e)
            {
                case TrainingPlanned planned: Console.WriteLine($"{planned.Plan.TotalSteps} steps"); break;
                case StepCompleted step: Console.WriteLine($"{step.Metrics.Step}: {step.Metrics.Loss:F3}, {step.Metrics.Remaining} left"); break;
                case Evaluated held: Console.WriteLine($"held-out loss {held.Loss:F3}"); break;
                case CheckpointSaved saved: Console.WriteLine(saved.Folder); break;
                case RunWarning warning: Console.WriteLine(warning.Text); break;
                case StateChanged changed: Console.WriteLine(changed.State); break;
            }
        }
    }

    internal static async Task Commands(TrainingRun run)
    {
        await run.PauseAsync();     // returns when a checkpoint is on disk and the run halts
        await run.ResumeAsync();    // goes on with the next step
        await run.StopAsync();      // returns when a checkpoint is on disk and the run has ended
    }

    internal static async Task GoOn(IPeftStudio studio)
    {
        var run = await studio.ResumeAsync("runs/first");
        var adapter = await run.Completion;
    }

    internal static async Task Errors(IPeftStudio studio)
    {
        try
        {
            var run = await studio.FineTune("models/smollm2").WithDataset("rhymes.jsonl").StartAsync();
            await run.Completion;
        }
        catch (PeftStudioException error) when (error.Code == ErrorCodes.LossNotFinite)
        {
            Console.Error.WriteLine(error.Remedy);
        }
    }
}

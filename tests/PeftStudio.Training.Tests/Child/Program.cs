using PeftStudio.Training.Tests.Runs;

namespace PeftStudio.Training.Tests.Child;

/// <summary>The test assembly as a program: trains the tiny run and prints each event, until it is done or somebody kills it.</summary>
internal static class Program
{
    /// <summary>What a finished training prints last.</summary>
    internal const string Done = "done";

    public static async Task<int> Main(string[] args)
    {
        if (args is not ["train" or "resume", var dataset, var output])
        {
            await Console.Error.WriteLineAsync("train|resume <dataset> <output>");
            return 2;
        }

        EngineSetup.UseOneThread();
        await using var studio = TinyRun.Host();
        var run = args[0] == "resume"
            ? await studio.ResumeAsync(output)
            : await TinyRun.Describe(studio, dataset, output, saveEvery: 1).StartAsync();
        await foreach (var happened in run.WatchAsync()) Console.WriteLine(happened.ToString());
        await run.Completion;
        Console.WriteLine(Done);
        return 0;
    }
}

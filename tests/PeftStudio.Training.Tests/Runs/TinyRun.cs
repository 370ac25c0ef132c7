using Microsoft.Extensions.DependencyInjection;
using PeftStudio.TestSupport;
using PeftStudio.Training.Optimization;
using PeftStudio.Training.Runs;

namespace PeftStudio.Training.Tests.Runs;

/// <summary>
/// A training small enough for tests: the 260K-parameter model, a few thousand characters of text, rows of 32 tokens. Dropout, accumulation,
/// held-out rows and several epochs are on, because each of them is state that a resumed run must find again.
/// </summary>
internal static class TinyRun
{
    internal const int Steps = 12;

    internal static string Model { get; } = TestData.At("models", "stories260k-hf");

    /// <summary>Writes a part of a real text as a dataset: about 23 rows of 32 tokens, one of them held out.</summary>
    internal static string WriteDataset(string folder, int characters = 1500)
    {
        var path = Path.Combine(folder, "text.txt");
        using var source = new StreamReader(TestData.At("datasets", "tinyshakespeare", "input.txt"));
        var text = new char[characters];
        source.ReadBlock(text);
        File.WriteAllText(path, new string(text));
        return path;
    }

    internal static IPeftStudio Host(TimeProvider? clock = null) => PeftStudioHost.CreateDefault(builder =>
    {
        if (clock is not null) builder.Services.AddSingleton(clock);
    });

    internal static FineTuneBuilder Describe(IPeftStudio studio, string dataset, string output, int seed = 7, int saveEvery = 5) => studio.FineTune(Model)
        .WithDataset(dataset)
        .WithOutput(output)
        .WithLora(lora => lora.Rank(4).Alpha(8).Dropout(0.1).TargetAllLinear())
        .WithTraining(training => training.Steps(Steps).LearningRate(5e-3).Schedule(ScheduleKind.Cosine).Batch(2, accumulation: 2)
            .MaxLength(32).SaveEvery(saveEvery).Seed(seed));

    /// <summary>Trains to the end without an interruption.</summary>
    internal static async Task<TrainedAdapter> TrainAsync(string dataset, string output, int seed = 7, int saveEvery = 5)
    {
        await using var studio = Host();
        var run = await Describe(studio, dataset, output, seed, saveEvery).StartAsync();
        return await run.Completion;
    }

    /// <summary>Goes on with an interrupted run to its end.</summary>
    internal static async Task<TrainedAdapter> ResumeAsync(string output)
    {
        await using var studio = Host();
        var run = await studio.ResumeAsync(output);
        return await run.Completion;
    }
}

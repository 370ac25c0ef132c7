using PeftStudio;

namespace PeftStudio.Architecture.Snippets;

internal static class TenLines
{
    internal static async Task Run()
    {
        await using var studio = PeftStudioHost.CreateDefault();

        var run = await studio.FineTune("samples/data/models/stories260k")
            .WithDataset("samples/data/shakespeare.txt")
            .WithLora(lora => lora.Rank(16).Alpha(32).TargetAllLinear())
            .WithTraining(t => t.Steps(200).Batch(8).MaxLength(256).LearningRate(5e-3))
            .StartAsync();

        await foreach (var e in run.WatchAsync()) Console.WriteLine(e);
        var adapter = await run.Completion;          // adapter.Folder is a PEFT adapter folder
    }
}

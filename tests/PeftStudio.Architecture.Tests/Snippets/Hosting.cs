using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PeftStudio;

namespace PeftStudio.Architecture.Snippets;

internal static class Hosting
{
    internal static void Run(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddPeftStudio();
        builder.Services.AddHostedService<NightlyTraining>();
        builder.Build().Run();
    }

    internal sealed class NightlyTraining(IPeftStudio studio) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var run = await studio.FineTune("models/smollm2").StartAsync(stoppingToken);
            await using var stop = stoppingToken.Register(() => _ = run.StopAsync(CancellationToken.None));
            await run.Completion;
        }
    }

    internal static void Origins(IPeftStudio studio)
    {
        var builder = studio.FineTune("models/smollm2").WithTraining(t => t.LearningRate(1e-4));
        foreach (var setting in builder.Settings) Console.WriteLine(setting);   // Training:LearningRate = 0.0001 (Code)
    }
}

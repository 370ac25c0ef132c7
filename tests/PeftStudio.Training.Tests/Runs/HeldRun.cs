using PeftStudio.TestSupport;
using PeftStudio.Training.Runs;

namespace PeftStudio.Training.Tests.Runs;

/// <summary>A tiny run whose engine thread waits inside a step until the test lets it go on.</summary>
internal sealed class HeldRun : IAsyncDisposable
{
    private readonly TaskCompletionSource _inside = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _gate = new();
    private readonly IPeftStudio _studio;

    private HeldRun(int step)
    {
        var clock = new StepClock();
        clock.AtStep(step, () =>
        {
            _inside.SetResult();
            _gate.Wait();
        });
        _studio = TinyRun.Host(clock);
    }

    internal TrainingRun Run { get; private set; } = null!;

    /// <summary>Starts a run and returns when it is inside a step.</summary>
    internal static async Task<HeldRun> InsideStepAsync(int step, string dataset, string output)
    {
        var held = new HeldRun(step);
        held.Run = await TinyRun.Describe(held._studio, dataset, output).StartAsync();
        await held._inside.Task;
        return held;
    }

    /// <summary>Lets the engine go on.</summary>
    internal void Release() => _gate.Set();

    public async ValueTask DisposeAsync()
    {
        Release();
        await Run.StopAsync();
        await _studio.DisposeAsync();
        _gate.Dispose();
    }
}

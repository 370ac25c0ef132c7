using PeftStudio.Engine;

namespace PeftStudio.Training.Tests;

/// <summary>
/// One thread for all tests of this assembly, and for the child processes that they start: the models are so small that a second thread
/// only waits for the first, and on a busy machine for its turn as well.
/// </summary>
[SetUpFixture]
public sealed class EngineSetup
{
    [OneTimeSetUp]
    public void Load() => UseOneThread();

    internal static void UseOneThread()
    {
        NativeRuntime.EnsureLoaded();
        TorchSharp.torch.set_num_threads(1);
    }
}

using TorchSharp;

namespace PeftStudio.Engine.Tests.Native;

/// <summary>Loading in this very process, as every other test of the engine does.</summary>
[TestFixture]
public sealed class NativeRuntimeTests
{
    [Test]
    public void Loading_from_many_threads_happens_once()
    {
        var infos = new NativeRuntimeInfo[16];
        Parallel.For(0, infos.Length, i => infos[i] = NativeRuntime.EnsureLoaded());
        Assert.That(infos, Is.All.SameAs(NativeRuntime.Loaded));
    }

    [Test]
    public void Tensors_can_be_computed_with_afterwards()
    {
        NativeRuntime.EnsureLoaded();
        Assert.That(SumOfOnes(), Is.EqualTo(6f));
    }

    [Test]
    [Platform("Linux")]
    public void Freed_memory_is_kept_for_the_next_tensor() => Assert.That(NativeRuntime.EnsureLoaded().AllocatorTuned, Is.True);

    [Test]
    public void The_deployed_file_is_loaded_unless_it_needs_repair()
    {
        var info = NativeRuntime.EnsureLoaded();
        Assert.That(info.Repair, Deployed.NeedsRepair ? Is.Not.EqualTo(NativeRepair.NotNeeded) : Is.EqualTo(NativeRepair.NotNeeded));
        Assert.That(info.LibraryPath, Does.Exist);
    }

    private static float SumOfOnes()
    {
        using var ones = torch.ones(2, 3);
        using var sum = ones.sum();
        return sum.item<float>();
    }
}

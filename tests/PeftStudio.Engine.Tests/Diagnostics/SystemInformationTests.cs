using PeftStudio.Engine.Diagnostics;

namespace PeftStudio.Engine.Tests.Diagnostics;

/// <summary>What is recorded with runs.</summary>
[TestFixture]
public sealed class SystemInformationTests
{
    [Test]
    public void Every_field_is_filled()
    {
        var system = SystemInformation.Current;
        Assert.Multiple(() =>
        {
            Assert.That(system.CpuName, Is.Not.Empty.And.None.EqualTo('\0'));
            Assert.That(system.CpuFeatures, Is.Unique);
            Assert.That(system.Cores, Is.Positive);
            Assert.That(system.MemoryBytes, Is.GreaterThan(1L << 28));
            Assert.That(system.OperatingSystem, Is.Not.Empty);
            Assert.That(system.Architecture, Is.EqualTo(system.Architecture.ToLowerInvariant()).And.Not.Empty);
            Assert.That(system.DotNetVersion, Does.StartWith(".NET 10"));
            Assert.That(system.PeftStudioVersion, Does.Match(@"^\d+\.\d+\.\d+"));
            Assert.That(system.TorchSharpVersion, Does.Match(@"^\d+\.\d+\.\d+"));
        });
    }

    [Test]
    public void It_is_collected_once()
    {
        var first = SystemInformation.Current;
        Assert.That(SystemInformation.Current, Is.SameAs(first));
    }

    [Test]
    public void Available_memory_is_a_part_of_the_total()
    {
        var memory = SystemMemory.Read();
        Assert.That(memory.AvailableBytes, Is.Positive.And.LessThanOrEqualTo(memory.TotalBytes));
    }

    [Test]
    public void The_peak_of_the_process_is_no_less_than_the_present()
    {
        var memory = ProcessMemory.Read();
        Assert.That(memory.CurrentMegabytes, Is.GreaterThan(10));
        Assert.That(memory.PeakMegabytes, Is.GreaterThanOrEqualTo(memory.CurrentMegabytes));
    }

    [Test]
    public void The_kernels_lines_are_read_in_units_of_two_to_the_twentieth() => Assert.That(
        ProcessMemory.FromStatus(["Name:\tdotnet", "VmHWM:\t  2048 kB", "VmRSS:\t   512 kB"]), Is.EqualTo(new ProcessMemory(0.5, 2)));

    [TestCase("VmHWM:\t2048 kB")]
    [TestCase("VmHWM:\t2048 kB|VmRSS:\tmuch")]
    public void Lines_that_are_missing_or_malformed_give_no_answer(string lines) => Assert.That(ProcessMemory.FromStatus(lines.Split('|')), Is.Null);
}

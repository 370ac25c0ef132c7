using PeftStudio.Engine.Diagnostics;
using PeftStudio.TestSupport;

namespace PeftStudio.Engine.Tests.Diagnostics;

/// <summary>Memory as the kernel's files tell it, with and without control groups. The machine here has 1000 kB, 600 of them available.</summary>
[TestFixture]
public sealed class LinuxMemoryTests
{
    private TemporaryFolder _root = null!;

    [SetUp]
    public void CreateRoot()
    {
        _root = new TemporaryFolder();
        Write("proc/meminfo", "MemTotal:        1000 kB\nMemFree:          100 kB\nMemAvailable:     600 kB\n");
    }

    [TearDown]
    public void DeleteRoot() => _root.Dispose();

    [Test]
    public void Without_groups_the_machine_counts() => AssertMemory(1000, 600, isLimited: false);

    [Test]
    public void A_group_without_a_limit_does_not_count()
    {
        Write("proc/self/cgroup", "0::/app\n");
        Write("sys/fs/cgroup/app/memory.max", "max\n");
        AssertMemory(1000, 600, isLimited: false);
    }

    [Test]
    public void A_limit_of_version_2_counts_less_what_is_used_and_not_cached()
    {
        Write("proc/self/cgroup", "0::/app\n");
        Write("sys/fs/cgroup/app/memory.max", $"{500 * 1024}\n");
        Write("sys/fs/cgroup/app/memory.current", $"{300 * 1024}\n");
        Write("sys/fs/cgroup/app/memory.stat", $"anon 1\ninactive_file {200 * 1024}\n");
        AssertMemory(500, 400, isLimited: true);
    }

    [Test]
    public void The_limit_of_a_group_further_up_counts()
    {
        Write("proc/self/cgroup", "0::/pod/app\n");
        Write("sys/fs/cgroup/pod/app/memory.max", $"{800 * 1024}\n");
        Write("sys/fs/cgroup/pod/memory.max", $"{200 * 1024}\n");
        AssertMemory(200, 200, isLimited: true);
    }

    [Test]
    public void Inside_a_container_the_root_group_is_its_own()
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/memory.max", $"{400 * 1024}\n");
        Write("sys/fs/cgroup/memory.current", $"{500 * 1024}\n");
        AssertMemory(400, 0, isLimited: true);
    }

    [Test]
    public void A_limit_of_version_1_counts()
    {
        Write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/app\n0::/\n");
        Write("sys/fs/cgroup/memory/app/memory.limit_in_bytes", $"{500 * 1024}\n");
        Write("sys/fs/cgroup/memory/app/memory.usage_in_bytes", $"{400 * 1024}\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        AssertMemory(500, 100, isLimited: true);
    }

    [TestCase("")]
    [TestCase("0::/../../elsewhere\n")]
    [TestCase("nonsense\n:::\n0:\n")]
    [TestCase("0::/app\n")]
    public void Groups_that_cannot_be_read_do_not_count(string groups)
    {
        Write("proc/self/cgroup", groups);
        Write("sys/fs/cgroup/app/memory.max", "-3 bananas\n");
        AssertMemory(1000, 600, isLimited: false);
    }

    [Test]
    public void Without_the_machines_own_figures_there_is_no_answer()
    {
        Write("proc/meminfo", "MemTotal: lots\n");
        Assert.That(LinuxMemory.Read(_root.Path), Is.Null);
    }

    private void Write(string path, string content)
    {
        var file = _root.At(path.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private void AssertMemory(long totalKilobytes, long availableKilobytes, bool isLimited) => Assert.That(
        LinuxMemory.Read(_root.Path), Is.EqualTo(new SystemMemory(totalKilobytes * 1024, availableKilobytes * 1024, isLimited)));
}

using PeftStudio.Engine.Diagnostics;
using PeftStudio.TestSupport;

namespace PeftStudio.Engine.Tests.Diagnostics;

/// <summary>The doctor examines this machine, and what it would say of others.</summary>
[TestFixture]
public sealed class DoctorTests
{
    [Test]
    public async Task This_machine_is_examined_in_full()
    {
        using var folder = new TemporaryFolder();
        var report = await Doctor.ExamineAsync(new DoctorOptions { Folders = [folder.Path, folder.At("not", "yet", "there")] });
        Assert.Multiple(() =>
        {
            Assert.That(report.Healthy, Is.True, report.ToString());
            Assert.That(report.Findings.Select(f => f.Name), Is.SupersetOf(
                new[] { "native library", "torch threads", "processor", "instructions", "memory", "disk", "system", ".NET", "packages" }));
            Assert.That(report.Findings.Count(f => f.Name == "disk"), Is.EqualTo(2));
            Assert.That(report.Findings.Single(f => f.Name == "native library").Found,
                Does.Contain(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)));
            Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty, "the probe of the disk leaves nothing behind");
        });
    }

    [Test]
    public async Task A_cancelled_examination_ends_with_a_cancellation() =>
        await Assert.ThatAsync(
            () => Doctor.ExamineAsync(cancellationToken: new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public async Task A_folder_that_cannot_be_examined_is_a_finding([Values("", "\0", "/proc/nowhere")] string path)
    {
        Assume.That(path.Length < 2 || OperatingSystem.IsLinux());
        var report = await Doctor.ExamineAsync(new DoctorOptions { Folders = [path] });
        Assert.That(report.Findings.Single(f => f.Name == "disk").Status, Is.EqualTo(DoctorStatus.Failed));
        Assert.That(report.Healthy, Is.False);
    }

    [Test]
    public async Task Little_free_space_and_memory_are_warnings()
    {
        var report = await Doctor.ExamineAsync(new DoctorOptions { LeastFreeDiskBytes = long.MaxValue, LeastAvailableMemoryBytes = long.MaxValue });
        Assert.That(report.Findings.Where(f => f.Status == DoctorStatus.Warning).Select(f => f.Name), Is.SupersetOf(new[] { "memory", "disk" }));
        Assert.That(report.Healthy, Is.True, "warnings are not failures");
    }

    [Test]
    public void More_threads_than_cores_are_a_warning_with_the_variable_to_set() =>
        Assert.That(NativeLibraryChecks.Threads(threads: 64, cores: 2),
            Has.Property("Status").EqualTo(DoctorStatus.Warning).And.Property("Remedy").Contains("OMP_NUM_THREADS=2"));

    [TestCase("avx2 fma avx512f avx512_bf16", DoctorStatus.Ok)]
    [TestCase("avx2 fma", DoctorStatus.Ok)]
    [TestCase("neon", DoctorStatus.Ok)]
    [TestCase("", DoctorStatus.Warning)]
    public void Slow_processors_earn_a_warning(string features, DoctorStatus expected) =>
        Assert.That(MachineChecks.Instructions(features.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Status, Is.EqualTo(expected));

    [Test]
    public void The_report_is_aligned_and_ends_with_a_verdict()
    {
        var report = new DoctorReport(
        [
            new DoctorFinding("disk", DoctorStatus.Ok, "1.0 GiB free"),
            new DoctorFinding("native library", DoctorStatus.Failed, "first line\nsecond line", "do this\nthen that"),
        ]);
        Assert.That(report.ToString(), Is.EqualTo(
            """
            ok       disk            1.0 GiB free
            failed   native library  first line
                                     second line
                                     do: do this
                                         then that
            This machine cannot train yet.
            """.ReplaceLineEndings("\n")));
    }
}

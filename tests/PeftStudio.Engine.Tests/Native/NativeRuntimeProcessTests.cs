using System.Runtime.Versioning;
using PeftStudio.Engine.Native;
using PeftStudio.Engine.Native.Elf;
using PeftStudio.TestSupport;

namespace PeftStudio.Engine.Tests.Native;

/// <summary>Loading in processes of their own, each with its cache and its files.</summary>
[TestFixture]
[Platform("Linux")]
[SupportedOSPlatform("linux")]
public sealed class NativeRuntimeProcessTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Processes_that_start_together_on_an_empty_cache_end_with_one_good_file()
    {
        Deployed.AssumeNeedsRepair();
        var children = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ChildProcess.RunAsync(_folder.At("cache"))));
        Assert.Multiple(() =>
        {
            Assert.That(children.Select(c => c.Output), Is.All.StartsWith(nameof(NativeRepair.CachedCopy)).And.All.Contains("sum 6"));
            Assert.That(children.Select(c => c.ExitCode), Is.All.Zero);
            Assert.That(Directory.GetFiles(_folder.At("cache"), "*", SearchOption.AllDirectories), Has.Length.EqualTo(1));
        });
        AssertCacheIsGood();
    }

    [Test]
    public async Task A_corrupted_copy_is_replaced_before_it_is_loaded()
    {
        Deployed.AssumeNeedsRepair();
        await ChildProcess.RunAsync(_folder.At("cache"));
        var copy = CachedFile();
        using (var file = File.OpenWrite(copy))
        {
            file.Position = 4096;
            file.Write(new byte[64 * 1024]);
        }

        var (exitCode, output) = await ChildProcess.RunAsync(_folder.At("cache"));
        Assert.That(exitCode, Is.Zero, output);
        AssertCacheIsGood();
    }

    [Test]
    public async Task Without_a_cache_the_copy_is_loaded_from_memory()
    {
        Deployed.AssumeNeedsRepair();
        File.WriteAllText(_folder.At("cache"), "a file where the folder should be");
        var (exitCode, output) = await ChildProcess.RunAsync(_folder.At("cache"));
        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.StartWith(nameof(NativeRepair.InMemory)).And.Contain("sum 6"));
    }

    [Test]
    public async Task The_cache_lies_where_the_user_keeps_caches()
    {
        Deployed.AssumeNeedsRepair();
        var (_, output) = await ChildProcess.RunAsync(xdgCacheHome: _folder.At("caches"));
        Assert.That(output, Does.Contain(_folder.At("caches", "peftstudio", "native")).And.Contain("sum 6"));
    }

    [Test]
    public async Task Without_the_repair_it_works_or_says_what_the_system_lacks()
    {
        var (exitCode, output) = await ChildProcess.RunAsync(_folder.At("cache"), repair: "0");
        if (Deployed.NeedsRepair)
        {
            Assert.That(exitCode, Is.EqualTo(1), output);
            Assert.That(output, Does.StartWith("PS1601").And.Contain(Deployed.LibTorchSharp).And.Contain("GLIBCXX_3.4.32")
                .And.Contain("PEFTSTUDIO_NATIVE_REPAIR").And.Contain("Debian 13"));
            Assert.That(_folder.At("cache"), Does.Not.Exist);
        }
        else
        {
            Assert.That(exitCode, Is.Zero, output);
        }
    }

    [Test]
    public async Task It_is_logged_once_however_often_it_is_called()
    {
        var (_, output) = await ChildProcess.RunAsync(_folder.At("cache"));
        Assert.That(output, Does.Contain("1 logged"));
    }

    [TestCase("libc10.so", 3000)] // The loader maps such a file and dies of it with SIGBUS.
    [TestCase("libLibTorchSharp.so", 40)]
    [TestCase("libLibTorchSharp.so", 1_000_000)]
    public async Task A_library_that_was_cut_is_named_as_damaged(string name, int length)
    {
        var whole = Path.Combine(Path.GetDirectoryName(Deployed.LibTorchSharp)!, name);
        File.WriteAllBytes(_folder.At(name), File.ReadAllBytes(whole)[..length]);
        var (exitCode, output) = await ChildProcess.RunAsync(_folder.At("cache"), _folder.Path);
        Assert.That(exitCode, Is.EqualTo(1), output);
        Assert.That(output, Does.Match("^PS160[12]").And.Contain(_folder.At(name)));
    }

    [Test]
    public async Task A_dependency_that_is_no_library_is_named_with_the_loaders_words()
    {
        File.WriteAllText(_folder.At("libc10.so"), "not a library");
        var (exitCode, output) = await ChildProcess.RunAsync(_folder.At("cache"), _folder.Path);
        Assert.That(exitCode, Is.EqualTo(1), output);
        Assert.That(output, Does.StartWith("PS1601").And.Contain(_folder.At("libc10.so")).And.Contain("file too short").Or.Contain("invalid ELF header"));
    }

    private string CachedFile() => Directory.GetFiles(_folder.At("cache"), "*.so", SearchOption.AllDirectories).Single();

    private void AssertCacheIsGood()
    {
        var expected = LibTorchSharpRepair.Apply(Deployed.LibTorchSharp, ElfImage.ReadFile(Deployed.LibTorchSharp));
        Assert.That(File.ReadAllBytes(CachedFile()).AsSpan().SequenceEqual(expected), Is.True);
    }
}

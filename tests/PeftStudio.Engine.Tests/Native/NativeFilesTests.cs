using PeftStudio.Engine.Native;
using PeftStudio.TestSupport;

namespace PeftStudio.Engine.Tests.Native;

/// <summary>Which files are loaded, in which order, and what is said if one is missing.</summary>
[TestFixture]
public sealed class NativeFilesTests
{
    private static readonly string[] Cpu = ["c10", "torch_cpu", "torch", "LibTorchSharp"];

    [Test]
    public void Shared_parts_come_before_what_needs_them()
    {
        using var folder = Create(Cpu);
        var files = NativeFiles.Find([folder.Path]);
        Assert.Multiple(() =>
        {
            Assert.That(files.Backend, Is.EqualTo(NativeBackend.Cpu));
            Assert.That(files.Dependencies, Is.EqualTo(new[] { "c10", "torch_cpu", "torch" }.Select(n => folder.At(NativeFiles.FileName(n)))));
            Assert.That(files.TorchSharp, Is.EqualTo(folder.At(NativeFiles.FileName("LibTorchSharp"))));
        });
    }

    [Test]
    public void Cuda_is_taken_where_it_is_deployed()
    {
        using var folder = Create([.. Cpu, "c10_cuda", "torch_cuda"]);
        var files = NativeFiles.Find([folder.Path]);
        Assert.Multiple(() =>
        {
            Assert.That(files.Backend, Is.EqualTo(NativeBackend.Cuda));
            Assert.That(files.Dependencies.Select(Path.GetFileName),
                Is.EqualTo(new[] { "c10", "c10_cuda", "torch_cpu", "torch_cuda", "torch" }.Select(NativeFiles.FileName)));
        });
    }

    [Test]
    public void Each_file_is_taken_from_the_first_folder_that_has_it()
    {
        using var first = Create("LibTorchSharp");
        using var second = Create(Cpu);
        var files = NativeFiles.Find([first.Path, second.Path]);
        Assert.That(files.TorchSharp, Does.StartWith(first.Path));
        Assert.That(files.Dependencies, Is.All.StartsWith(second.Path));
    }

    [Test]
    public void A_missing_libtorch_names_the_file_the_folders_and_the_package()
    {
        using var folder = Create("LibTorchSharp");
        Assert.That(() => NativeFiles.Find([folder.Path]), Throws.InstanceOf<PeftStudioException>()
            .With.Property("Code").EqualTo(ErrorCodes.NativeLibraryUnavailable)
            .And.Property("Asked").EqualTo(NativeFiles.FileName("c10"))
            .And.Property("Found").Contains(folder.Path)
            .And.Property("Remedy").Contains("TorchSharp-cpu"));
    }

    private static TemporaryFolder Create(params string[] libraries)
    {
        var folder = new TemporaryFolder();
        foreach (var library in libraries) File.WriteAllText(folder.At(NativeFiles.FileName(library)), "");
        return folder;
    }
}

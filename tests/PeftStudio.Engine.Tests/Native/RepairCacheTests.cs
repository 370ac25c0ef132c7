using System.Runtime.Versioning;
using System.Security.Cryptography;
using PeftStudio.Engine.Native;
using PeftStudio.TestSupport;

namespace PeftStudio.Engine.Tests.Native;

/// <summary>The cache holds what the repair would write now, or it is written again.</summary>
[TestFixture]
[Platform("Linux")]
[SupportedOSPlatform("linux")]
public sealed class RepairCacheTests
{
    private static readonly byte[] Original = new SyntheticLibrary().Build();
    private static readonly byte[] Repaired = LibTorchSharpRepair.Apply("synthetic", Original);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void The_copy_lies_under_the_hash_of_its_original()
    {
        var path = Store();
        Assert.That(Path.GetRelativePath(_folder.Path, path),
            Is.EqualTo(Path.Combine("cache", $"{Convert.ToHexStringLower(SHA256.HashData(Original))}-r{LibTorchSharpRepair.Revision}", "libLibTorchSharp.so")));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(Repaired));
    }

    [Test]
    public void Only_this_user_can_read_or_write_it()
    {
        const UnixFileMode user = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var path = Store();
        Assert.That(new[] { path, Path.GetDirectoryName(path)!, _folder.At("cache") }.Select(File.GetUnixFileMode), Is.All.EqualTo(user));
    }

    [Test]
    public void A_folder_that_others_can_write_to_is_closed()
    {
        Directory.CreateDirectory(_folder.At("cache"), (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(_folder.At("cache"), (UnixFileMode)0b111_111_111);
        Store();
        Assert.That(File.GetUnixFileMode(_folder.At("cache")), Is.EqualTo((UnixFileMode)0b111_000_000));
    }

    [Test]
    public void A_good_copy_is_not_written_again()
    {
        var path = Store();
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Store();
        Assert.That(File.GetLastWriteTimeUtc(path), Is.EqualTo(DateTime.UnixEpoch));
    }

    [Test]
    public void A_copy_with_one_wrong_byte_is_replaced()
    {
        var path = Store();
        var wrong = Repaired.ToArray();
        wrong[^1] ^= 1;
        File.WriteAllBytes(path, wrong);
        Assert.That(File.ReadAllBytes(Store()), Is.EqualTo(Repaired));
    }

    [Test]
    public void A_copy_that_was_cut_is_replaced()
    {
        File.WriteAllBytes(Store(), Repaired[..100]);
        Assert.That(File.ReadAllBytes(Store()), Is.EqualTo(Repaired));
    }

    [Test]
    public void Nothing_else_is_left_in_the_folder()
    {
        var path = Store();
        Assert.That(Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void A_cache_that_cannot_be_written_is_an_input_output_error()
    {
        File.WriteAllText(_folder.At("cache"), "a file where the folder should be");
        Assert.That(Store, Throws.InstanceOf<IOException>());
    }

    private string Store() => new RepairCache(_folder.At("cache")).Store(Original, Repaired);
}

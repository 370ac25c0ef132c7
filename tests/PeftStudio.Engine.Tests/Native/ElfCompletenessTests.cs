using PeftStudio.Engine.Native.Elf;
using PeftStudio.TestSupport;

namespace PeftStudio.Engine.Tests.Native;

/// <summary>Files that would end the process while they are loaded.</summary>
[TestFixture]
public sealed class ElfCompletenessTests
{
    private static readonly byte[] Library = new SyntheticLibrary().Build();

    [Test]
    public void A_whole_library_passes() => Assert.That(() => Require(Library), Throws.Nothing);

    [Test]
    public void A_library_cut_anywhere_behind_its_header_is_refused()
    {
        for (var length = 64; length < Library.Length; length += 7)
        {
            Assert.That(() => Require(Library[..length]),
                Throws.InstanceOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.InvalidNativeLibrary), $"{length} bytes");
        }
    }

    [Test]
    public void What_is_no_library_at_all_is_left_to_the_loader([Values(0, 1, 63)] int length) => Assert.That(() => Require(Library[..length]), Throws.Nothing);

    [Test]
    public void Headers_may_lie_and_nothing_but_a_typed_error_comes_of_it([Values(0x00, 0x7f, 0xff)] byte lie)
    {
        for (var offset = 0; offset < 64 + 56; offset++)
        {
            var lying = Library.ToArray();
            lying[offset] = lie;
            try
            {
                Require(lying);
            }
            catch (PeftStudioException)
            {
                // Refused: fine.
            }
        }
    }

    [Test]
    [Platform("Linux")]
    public void Every_deployed_library_is_whole()
    {
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(Deployed.LibTorchSharp)!, "*.so*"))
            Assert.That(() => ElfCompleteness.Require(path), Throws.Nothing, path);
    }

    private static void Require(byte[] content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.At("library.so"), content);
        ElfCompleteness.Require(folder.At("library.so"));
    }
}

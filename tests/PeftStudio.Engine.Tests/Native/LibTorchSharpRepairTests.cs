using System.Text;
using PeftStudio.Engine.Native;
using PeftStudio.Engine.Native.Elf;

namespace PeftStudio.Engine.Tests.Native;

/// <summary>The repair changes one version and one name, and nothing if it does not know the file.</summary>
[TestFixture]
public sealed class LibTorchSharpRepairTests
{
    [Test]
    public void The_newer_version_becomes_the_older_one_under_its_old_number()
    {
        var needs = ElfVersions.Needs(ElfImage.Parse("repaired", Repair(new SyntheticLibrary())));
        Assert.That(needs.Select(n => (n.Version, n.Index)), Is.EqualTo(new[] { ("GLIBCXX_3.4", 3), ("GLIBCXX_3.4", 2) }));
    }

    [Test]
    public void The_entry_gets_the_hash_of_its_new_name()
    {
        var repaired = Repair(new SyntheticLibrary());
        var need = ElfVersions.Needs(ElfImage.Parse("repaired", repaired))[0];
        Assert.That(BitConverter.ToUInt32(repaired, (int)need.Offset), Is.EqualTo(SyntheticLibrary.ElfHash("GLIBCXX_3.4")));
    }

    [Test]
    public void The_symbol_becomes_the_constructor_that_does_the_same()
    {
        var symbols = new ElfSymbols(ElfImage.Parse("repaired", Repair(new SyntheticLibrary())));
        Assert.That(Enumerable.Range(0, (int)symbols.Count).Select(i => symbols.Name(i)),
            Is.EqualTo(new[] { "", "_ZNSt8ios_baseD2Ev", "_ZNSt8ios_base4InitC1Ev", "exported" }));
    }

    [Test]
    public void The_original_stays_as_it_is()
    {
        var original = new SyntheticLibrary().Build();
        var before = original.ToArray();
        LibTorchSharpRepair.Apply("synthetic", original);
        Assert.That(original, Is.EqualTo(before));
    }

    [Test]
    public void A_second_symbol_of_the_newer_version_is_refused()
    {
        var library = new SyntheticLibrary();
        library.Imports.Add(("_ZSt13something_newv", 3));
        AssertRefused(library, "_ZSt13something_newv");
    }

    [Test]
    public void Another_symbol_of_the_newer_version_is_refused()
    {
        var library = new SyntheticLibrary();
        library.Imports[1] = ("_ZSt21ios_base_library_inix", 3);
        AssertRefused(library, "_ZSt21ios_base_library_inix");
    }

    [Test]
    public void A_name_that_another_symbol_shares_is_left_alone() => AssertRefused(new SyntheticLibrary { SharesTail = true }, "share");

    [Test]
    public void A_library_that_needs_no_newer_version_is_refused()
    {
        var library = new SyntheticLibrary();
        library.Needs.RemoveAt(0);
        AssertRefused(library, "0 times");
    }

    [Test]
    public void Repairing_twice_is_refused()
    {
        var repaired = Repair(new SyntheticLibrary());
        Assert.That(() => LibTorchSharpRepair.Apply("synthetic", repaired), Throws.InstanceOf<PeftStudioException>());
    }

    [Test]
    [Platform("Linux")]
    public void The_deployed_library_is_changed_in_the_known_bytes_only()
    {
        var original = ElfImage.ReadFile(Deployed.LibTorchSharp);
        var repaired = LibTorchSharpRepair.Apply(Deployed.LibTorchSharp, original);
        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != repaired[i]).ToList();
        var name = original.AsSpan().IndexOf(Encoding.ASCII.GetBytes(SyntheticLibrary.NewSymbol));
        var need = ElfVersions.Needs(ElfImage.Parse("original", original)).Single(n => n.Version == LibTorchSharpRepair.NewVersion);
        Assert.Multiple(() =>
        {
            Assert.That(repaired, Has.Length.EqualTo(original.Length));
            Assert.That(changed, Is.Not.Empty.And.All.Matches<int>(i =>
                InRange(i, name, 28) || InRange(i, (int)need.Offset, 4) || InRange(i, (int)need.Offset + 8, 4)));
            Assert.That(ElfVersions.Needs(ElfImage.Parse("repaired", repaired)).Select(n => n.Version), Has.None.EqualTo(LibTorchSharpRepair.NewVersion));
        });
    }

    private static bool InRange(int value, int start, int length) => value >= start && value < start + length;

    private static byte[] Repair(SyntheticLibrary library) => LibTorchSharpRepair.Apply("synthetic", library.Build());

    private static void AssertRefused(SyntheticLibrary library, string reason) => Assert.That(
        () => Repair(library),
        Throws.InstanceOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.NativeLibraryUnavailable).And.Message.Contains(reason));
}

using System.Runtime.InteropServices;
using PeftStudio.Engine.Native;
using PeftStudio.Engine.Native.Elf;

namespace PeftStudio.Engine.Tests.Native;

/// <summary>Reading shared libraries: what is there is read, what is damaged is refused.</summary>
[TestFixture]
public sealed class ElfImageTests
{
    [Test]
    public void Versions_needed_are_read_in_file_order() => Assert.That(
        ElfVersions.Needs(Parse(new SyntheticLibrary().Build())).Select(n => (n.Library, n.Version, n.Index)),
        Is.EqualTo(new[] { ("libstdc++.so.6", "GLIBCXX_3.4.32", 3), ("libstdc++.so.6", "GLIBCXX_3.4", 2) }));

    [Test]
    public void Versions_defined_are_read() => Assert.That(
        ElfVersions.Definitions(Parse(new SyntheticLibrary().Build())), Is.EquivalentTo(new[] { "libsynthetic.so", "SYNTHETIC_1.0" }));

    [Test]
    public void Symbols_are_counted_through_their_hash_table()
    {
        var symbols = new ElfSymbols(Parse(new SyntheticLibrary().Build()));
        Assert.Multiple(() =>
        {
            Assert.That(symbols.Count, Is.EqualTo(4));
            Assert.That(symbols.ImportCount, Is.EqualTo(3));
            Assert.That(symbols.Name(2), Is.EqualTo(SyntheticLibrary.NewSymbol));
            Assert.That(symbols.VersionIndex(2), Is.EqualTo(3));
            Assert.That(symbols.IsUndefined(2), Is.True);
            Assert.That(symbols.IsUndefined(3), Is.False);
        });
    }

    [Test]
    [Platform("Linux")]
    public void The_deployed_library_needs_one_newer_version()
    {
        var image = ElfImage.Parse(Deployed.LibTorchSharp, ElfImage.ReadFile(Deployed.LibTorchSharp));
        var symbols = new ElfSymbols(image);
        var need = ElfVersions.Needs(image).Single(n => n.Version == LibTorchSharpRepair.NewVersion);
        Assert.Multiple(() =>
        {
            Assert.That(ElfVersions.Needs(image), Has.Count.EqualTo(28), "as readelf -V counts");
            Assert.That(symbols.Count, Is.EqualTo(0x12ed0 / 24), "as readelf -S gives the size of .dynsym");
            Assert.That(Enumerable.Range(0, (int)symbols.Count).Where(i => symbols.VersionIndex(i) == need.Index).Select(i => symbols.Name(i)),
                Is.EqualTo(new[] { SyntheticLibrary.NewSymbol }));
        });
    }

    [Test]
    [Platform("Linux")]
    public void The_process_tells_which_standard_library_it_uses()
    {
        var path = LoadedStandardLibrary.FindPath();
        Assert.That(path, Does.Exist);
        Assert.That(ElfVersions.Definitions(ElfImage.Parse(path!, ElfImage.ReadFile(path!))), Contains.Item("GLIBCXX_3.4").And.Contains("CXXABI_1.3"));
    }

    [Test]
    public void A_file_cut_anywhere_is_refused()
    {
        var whole = new SyntheticLibrary().Build();
        for (var length = 0; length < whole.Length; length++)
            Assert.That(() => Parse(whole[..length]), Throws.InstanceOf<PeftStudioException>(), $"{length} bytes");
    }

    [Test]
    public void Other_files_are_refused([Values("", "MZ", "#!/bin/sh\nexit 0\n", "\u007fELF\u0001\u0001\u0001", "\u007fELF\u0002\u0002\u0001")] string start)
    {
        var file = System.Text.Encoding.Latin1.GetBytes(start.PadRight(start.Length == 0 ? 0 : 4096, '\0'));
        Assert.That(() => Parse(file), Throws.InstanceOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.InvalidNativeLibrary));
    }

    [Test]
    public void Any_byte_may_lie_and_nothing_but_a_typed_error_comes_of_it([Values(0x00, 0x01, 0x7f, 0x80, 0xff)] byte lie)
    {
        var library = new SyntheticLibrary().Build();
        for (var offset = 0; offset < library.Length; offset++)
        {
            var truth = library[offset];
            library[offset] = lie;
            AssertReadsOrRefuses(library, $"{lie:x2} at {offset}");
            library[offset] = truth;
        }
    }

    [Test]
    [Platform("Linux")]
    public void The_deployed_library_may_be_damaged_anywhere([Range(1, 8)] int seed)
    {
        var library = ElfImage.ReadFile(Deployed.LibTorchSharp);
        var random = new Random(seed);
        int[] regions = [0, 64, 0x298, 0x3890, 0x16760, 0x3dfae, 0x3f8f0, 0x1d4b18];
        for (var round = 0; round < 24; round++)
        {
            // Where the loader's tables begin: the header, the segments, the hash table, symbols, strings, versions, the dynamic section.
            var at = regions[round % regions.Length] + random.Next(256);
            var truth = library.AsSpan(at, 8).ToArray();
            random.NextBytes(library.AsSpan(at, 1 + random.Next(8)));
            AssertReadsOrRefuses(library, $"seed {seed}, round {round}, offset {at}");
            truth.CopyTo(library, at);
        }
    }

    [Test]
    [Platform("Linux")]
    public void The_deployed_library_may_be_cut_anywhere([Values(0, 1, 63, 64, 200, 4096, 0x4fb37, 0x1d0000, 0x1d4b20)] int length)
    {
        var cut = ElfImage.ReadFile(Deployed.LibTorchSharp)[..length];
        Assert.That(() => LibTorchSharpRepair.Apply("cut", cut),
            Throws.InstanceOf<PeftStudioException>().With.Property("Code").EqualTo(ErrorCodes.InvalidNativeLibrary));
    }

    [Test]
    public void A_file_beyond_any_library_is_not_read_into_memory()
    {
        using var folder = new TestSupport.TemporaryFolder();
        var path = folder.At("large.so");
        using (var file = File.Create(path)) file.SetLength(ElfImage.LargestFile + 1L);
        Assert.That(() => ElfImage.ReadFile(path), Throws.InstanceOf<PeftStudioException>());
    }

    private static ElfImage Parse(byte[] file) => ElfImage.Parse("synthetic.so", file);

    private static void AssertReadsOrRefuses(byte[] file, string what)
    {
        try
        {
            ElfVersions.Definitions(Parse(file));
            LibTorchSharpRepair.Apply("lying.so", file);
        }
        catch (PeftStudioException)
        {
            // Refused: fine.
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e}");
        }
    }
}

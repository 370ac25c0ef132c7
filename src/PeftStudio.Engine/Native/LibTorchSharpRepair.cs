using PeftStudio.Engine.Native.Elf;

namespace PeftStudio.Engine.Native;

/// <summary>
/// Rewrites LibTorchSharp so that it loads with the libstdc++ of GCC 12 and older. It asks for version GLIBCXX_3.4.32 because of
/// one symbol, <c>std::ios_base_library_init()</c>, that GCC 13 names in every file which includes &lt;iostream&gt;; nothing calls it.
/// The version's entry becomes a second one for GLIBCXX_3.4, and the name becomes that of the constructor that does the
/// same work in GLIBCXX_3.4: <c>std::ios_base::Init::Init()</c>. Both stay in place, so that no offset in the file moves.
/// </summary>
internal static class LibTorchSharpRepair
{
    /// <summary>Part of the cached file's key: raise it with every change of the bytes that <see cref="Apply"/> writes.</summary>
    internal const int Revision = 1;

    internal const string StandardLibrary = "libstdc++.so.6";
    internal const string NewVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";

    /// <summary>Offset of vna_name in a Vernaux entry; vna_hash is at 0.</summary>
    private const int NeedName = 8;

    private static ReadOnlySpan<byte> NewSymbol => "_ZSt21ios_base_library_initv"u8;

    private static ReadOnlySpan<byte> OldSymbol => "_ZNSt8ios_base4InitC1Ev"u8;

    /// <summary>Returns a repaired copy of the file.</summary>
    /// <exception cref="PeftStudioException">The file is malformed, or more than that one symbol needs the newer version.</exception>
    internal static byte[] Apply(string path, byte[] original)
    {
        var image = ElfImage.Parse(path, original);
        var needs = ElfVersions.Needs(image);
        var (newNeed, oldNeed) = (Single(path, needs, NewVersion), Single(path, needs, OldVersion));
        var symbol = SymbolOf(path, image, newNeed);

        var repaired = original.AsSpan().ToArray();
        original.AsSpan((int)oldNeed.Offset, 4).CopyTo(repaired.AsSpan((int)newNeed.Offset));
        original.AsSpan((int)oldNeed.Offset + NeedName, 4).CopyTo(repaired.AsSpan((int)newNeed.Offset + NeedName));
        var name = repaired.AsSpan((int)(image.Strings + symbol), NewSymbol.Length);
        name.Clear();
        OldSymbol.CopyTo(name);

        Verify(path, needs, repaired);
        return repaired;
    }

    private static ElfVersionNeed Single(string path, IReadOnlyList<ElfVersionNeed> needs, string version)
    {
        var found = needs.Where(n => n.Library == StandardLibrary && n.Version == version).ToList();
        return found.Count == 1 ? found[0] : throw Refused(path, $"it needs {version} of {StandardLibrary} {found.Count} times, not once");
    }

    /// <summary>Offset, in the string table, of the one name that may be changed; refuses if the change would touch anything else.</summary>
    private static uint SymbolOf(string path, ElfImage image, ElfVersionNeed need)
    {
        var symbols = new ElfSymbols(image);
        uint? name = null;
        for (var i = 0L; i < symbols.Count; i++)
        {
            if (symbols.VersionIndex(i) != need.Index) continue;
            if (name is not null || i >= symbols.ImportCount || !symbols.IsUndefined(i) || !IsNewSymbol(image, symbols.NameIndex(i)))
                throw Refused(path, $"{need.Version} is needed by {symbols.Name(i)} also");
            name = symbols.NameIndex(i);
        }

        var start = name ?? throw Refused(path, $"no symbol needs {need.Version}");
        var end = start + (uint)NewSymbol.Length;
        var shared = 0;
        for (var i = 0L; i < symbols.Count; i++)
        {
            if (symbols.NameIndex(i) >= start && symbols.NameIndex(i) <= end) shared++;
        }

        // Linkers let a string be the tail of a longer one; such a neighbour would lose its name.
        return shared == 1 ? start : throw Refused(path, $"{shared} symbols share the bytes of one name");
    }

    private static bool IsNewSymbol(ElfImage image, uint name) =>
        image.Reader.Span(image.Strings + name, NewSymbol.Length, "st_name").SequenceEqual(NewSymbol)
        && image.Strings + name + NewSymbol.Length < image.StringsEnd
        && image.Reader.Span(image.Strings + name + NewSymbol.Length, 1, "st_name")[0] == 0;

    /// <summary>Reads the result as the loader will: the same needs in the same order, but for the version that went.</summary>
    private static void Verify(string path, IReadOnlyList<ElfVersionNeed> before, byte[] repaired)
    {
        var after = ElfVersions.Needs(ElfImage.Parse(path, repaired));
        var expected = before.Select(n => n.Library == StandardLibrary && n.Version == NewVersion ? n with { Version = OldVersion } : n);
        if (!after.SequenceEqual(expected)) throw Refused(path, "the repaired copy reads differently than intended");
    }

    private static PeftStudioException Refused(string path, string reason) => NativeErrors.Unavailable(
        $"a copy of {path} that loads without {NewVersion}",
        $"a file that the repair does not know: {reason}. Nothing was changed.",
        NativeErrors.NewerSystem);
}

namespace PeftStudio.Engine.Native.Elf;

/// <summary>One version that a library asks of another, such as GLIBCXX_3.4.32 of libstdc++.so.6.</summary>
/// <param name="Library">SONAME of the library asked.</param>
/// <param name="Version">Name of the version.</param>
/// <param name="Index">Number under which the library's own symbols refer to it.</param>
/// <param name="Offset">File offset of the entry (Vernaux: hash u32, flags u16, index u16, name u32, next u32).</param>
internal sealed record ElfVersionNeed(string Library, string Version, int Index, long Offset);

/// <summary>Symbol versions that a library needs and defines (GNU symbol versioning, as in the Linux Standard Base).</summary>
internal static class ElfVersions
{
    /// <summary>Far above the 30 to 100 of real libraries; keeps lying counts from costing time.</summary>
    private const int MostEntries = 4096;

    /// <summary>The versions needed, in file order; empty if there are none.</summary>
    internal static IReadOnlyList<ElfVersionNeed> Needs(ElfImage image)
    {
        var needs = new List<ElfVersionNeed>();
        if (image.Dynamic(DynamicTag.VersionNeeds) is null) return needs;
        var reader = image.Reader;
        var entry = image.Locate(DynamicTag.VersionNeeds, 16, "DT_VERNEED");
        for (var left = Count(image, DynamicTag.VersionNeedCount); left > 0; left--)
        {
            var library = image.String(reader.UInt32(entry + 4, "vn_file"), "vn_file");
            var auxiliary = entry + reader.UInt32(entry + 8, "vn_aux");
            for (var count = reader.UInt16(entry + 2, "vn_cnt"); count > 0; count--)
            {
                if (needs.Count == MostEntries) throw reader.Malformed($"more than {MostEntries} versions are needed");
                var version = image.String(reader.UInt32(auxiliary + 8, "vna_name"), "vna_name");
                needs.Add(new ElfVersionNeed(library, version, reader.UInt16(auxiliary + 6, "vna_other"), auxiliary));
                if (!Advance(reader, ref auxiliary, 12, "vna_next")) break;
            }

            if (!Advance(reader, ref entry, 12, "vn_next")) break;
        }

        return needs;
    }

    /// <summary>Names of the versions defined; empty if there are none.</summary>
    internal static IReadOnlySet<string> Definitions(ElfImage image)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (image.Dynamic(DynamicTag.VersionDefinitions) is null) return names;
        var reader = image.Reader;
        var entry = image.Locate(DynamicTag.VersionDefinitions, 20, "DT_VERDEF");
        for (var left = Count(image, DynamicTag.VersionDefinitionCount); left > 0; left--)
        {
            // The first auxiliary entry is the version's own name; further ones are the versions it inherits from.
            var auxiliary = entry + reader.UInt32(entry + 12, "vd_aux");
            names.Add(image.String(reader.UInt32(auxiliary, "vda_name"), "vda_name"));
            if (!Advance(reader, ref entry, 16, "vd_next")) break;
        }

        return names;
    }

    private static long Count(ElfImage image, long tag) => Math.Min(image.Dynamic(tag) ?? 0, MostEntries);

    /// <summary>Steps to the next entry of a chain; steps are positive, so a chain ends inside the file.</summary>
    private static bool Advance(ElfReader reader, ref long entry, int field, string what)
    {
        var step = reader.UInt32(entry + field, what);
        entry += step;
        return step != 0;
    }
}

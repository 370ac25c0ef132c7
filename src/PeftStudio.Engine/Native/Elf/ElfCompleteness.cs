namespace PeftStudio.Engine.Native.Elf;

/// <summary>
/// Whether a file is as long as its own headers say. The loader maps segments without a look at the file's length, and a library that was cut, by a
/// full disk or an interrupted copy, ends the process with SIGBUS. Only the headers are read, so size does not matter.
/// </summary>
internal static class ElfCompleteness
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const uint LoadSegment = 1;

    /// <summary>Does nothing if the file is no 64-bit ELF file: of that the loader itself complains, and well.</summary>
    /// <exception cref="PeftStudioException">The file ends before its last segment does.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static void Require(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        var header = new byte[HeaderSize];
        if (RandomAccess.Read(file, header, 0) < HeaderSize || !header.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8)) return;

        var reader = new ElfReader(path, header);
        var tableAt = reader.Int64(32, "e_phoff");
        var table = new byte[reader.UInt16(56, "e_phnum") * ProgramHeaderSize];
        var read = tableAt <= length ? RandomAccess.Read(file, table, tableAt) : 0;
        var segments = new ElfReader(path, table[..read]);
        for (var at = 0; at < table.Length; at += ProgramHeaderSize)
        {
            if (segments.UInt32(at, "a program header") != LoadSegment) continue;
            var end = segments.Int64(at + 8, "p_offset") + segments.Int64(at + 32, "p_filesz");
            if (end > length) throw reader.Malformed($"a file of {length} bytes whose headers speak of {end}: it was not copied to its end");
        }
    }
}

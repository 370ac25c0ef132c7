namespace PeftStudio.Engine.Native.Elf;

/// <summary>
/// What the dynamic loader sees of a shared library: its loadable segments and the dynamic section. Section headers are not
/// used, as the loader does not use them either. Layout: System V ABI, ELF-64 object file format, 64-bit little-endian only.
/// </summary>
internal sealed class ElfImage
{
    /// <summary>The libraries read here have 2 to 3 MB; anything far above is not one of them.</summary>
    internal const int LargestFile = 64 * 1024 * 1024;

    private const int ProgramHeaderSize = 56;
    private const int LargestDynamicSection = 4096;
    private const uint LoadSegment = 1;
    private const uint DynamicSegment = 2;

    private readonly List<(long Address, long Offset, long Size)> _segments = [];
    private readonly Dictionary<long, long> _dynamic = [];

    private ElfImage(ElfReader reader) => Reader = reader;

    internal ElfReader Reader { get; }

    /// <summary>File offset of the dynamic string table.</summary>
    internal long Strings { get; private set; }

    /// <summary>File offset one past the dynamic string table.</summary>
    internal long StringsEnd { get; private set; }

    /// <summary>Reads a whole file after a look at its size.</summary>
    internal static byte[] ReadFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        if (file.Length > LargestFile) throw new ElfReader(path, []).Malformed($"the file has {file.Length} bytes, which no such library has");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <exception cref="PeftStudioException">The file is truncated, malformed or not a 64-bit ELF library.</exception>
    internal static ElfImage Parse(string path, byte[] bytes)
    {
        var image = new ElfImage(new ElfReader(path, bytes));
        image.ReadHeader();
        image.Strings = image.Locate(DynamicTag.StringTable, image.Required(DynamicTag.StringTableSize, "DT_STRSZ"), "DT_STRTAB");
        image.StringsEnd = image.Strings + image.Required(DynamicTag.StringTableSize, "DT_STRSZ");
        return image;
    }

    /// <summary>The value of an entry of the dynamic section, or null.</summary>
    internal long? Dynamic(long tag) => _dynamic.TryGetValue(tag, out var value) ? value : null;

    /// <summary>File offset of the table that an entry of the dynamic section points to, with <paramref name="length"/> bytes inside its segment.</summary>
    internal long Locate(long tag, long length, string what)
    {
        var address = Required(tag, what);
        foreach (var segment in _segments)
        {
            var into = address - segment.Address;
            if (into >= 0 && into < segment.Size && length <= segment.Size - into) return segment.Offset + into;
        }

        throw Reader.Malformed($"{what} points to {address:x}, where no segment holds {length} bytes");
    }

    /// <summary>A string of the dynamic string table.</summary>
    internal string String(uint index, string what) => Reader.Name(Strings + index, StringsEnd, what);

    private long Required(long tag, string what) => Dynamic(tag) ?? throw Reader.Malformed($"there is no {what}");

    private void ReadHeader()
    {
        // 7f 'E' 'L' 'F', class 64-bit, little-endian, version 1.
        if (!Reader.Span(0, Math.Min(7, Reader.Length), "the ELF header").SequenceEqual("\u007fELF\u0002\u0001\u0001"u8))
            throw Reader.Malformed("the file does not begin as a 64-bit little-endian ELF file");
        var headers = Reader.Int64(32, "e_phoff");
        if (Reader.UInt16(54, "e_phentsize") != ProgramHeaderSize) throw Reader.Malformed("e_phentsize is not 56");
        var count = Reader.UInt16(56, "e_phnum");
        (long Offset, long Size)? dynamic = null;
        for (var i = 0; i < count; i++)
        {
            var header = headers + (long)i * ProgramHeaderSize;
            var type = Reader.UInt32(header, "a program header");
            var (offset, address, size) = (Reader.Int64(header + 8, "p_offset"), Reader.Int64(header + 16, "p_vaddr"), Reader.Int64(header + 32, "p_filesz"));
            if (type is LoadSegment or DynamicSegment) Reader.Span(offset, size, "a segment");
            if (type == LoadSegment) _segments.Add((address, offset, size));
            if (type == DynamicSegment) dynamic = (offset, size);
        }

        ReadDynamicSection(dynamic ?? throw Reader.Malformed("there is no dynamic segment"));
    }

    private void ReadDynamicSection((long Offset, long Size) dynamic)
    {
        var entries = Math.Min(dynamic.Size / 16, LargestDynamicSection);
        for (var i = 0L; i < entries; i++)
        {
            var tag = Reader.Int64(dynamic.Offset + i * 16, "d_tag");
            if (tag == DynamicTag.End) return;
            // Values of tags that are not read here may be anything; those that are get checked where they are used.
            _dynamic.TryAdd(tag, (long)Math.Min(ulong.MaxValue >> 2, System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(
                Reader.Span(dynamic.Offset + i * 16 + 8, 8, "d_val"))));
        }

        throw Reader.Malformed("the dynamic section has no end");
    }
}

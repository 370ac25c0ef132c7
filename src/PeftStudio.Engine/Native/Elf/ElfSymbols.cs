namespace PeftStudio.Engine.Native.Elf;

/// <summary>
/// The dynamic symbol table. Its length stands nowhere in the dynamic section; it follows from the GNU hash table, whose
/// header also says where the imported symbols end, for only exported ones are hashed.
/// </summary>
internal sealed class ElfSymbols
{
    private const int SymbolSize = 24;

    private readonly ElfImage _image;
    private readonly long _symbols;
    private readonly long _versions;

    internal ElfSymbols(ElfImage image)
    {
        _image = image;
        (ImportCount, Count) = CountSymbols();
        _symbols = image.Locate(DynamicTag.SymbolTable, Count * SymbolSize, "DT_SYMTAB");
        _versions = image.Locate(DynamicTag.SymbolVersions, Count * 2, "DT_VERSYM");
    }

    /// <summary>Number of symbols.</summary>
    internal long Count { get; }

    /// <summary>Symbols below this index are not in the hash table: nobody finds them by name.</summary>
    internal long ImportCount { get; }

    /// <summary>Offset of a symbol's name in the string table.</summary>
    internal uint NameIndex(long symbol) => _image.Reader.UInt32(_symbols + symbol * SymbolSize, "st_name");

    /// <summary>A symbol's name.</summary>
    internal string Name(long symbol) => _image.String(NameIndex(symbol), "st_name");

    /// <summary>Whether another library is to define the symbol.</summary>
    internal bool IsUndefined(long symbol) => _image.Reader.UInt16(_symbols + symbol * SymbolSize + 6, "st_shndx") == 0;

    /// <summary>Number of the symbol's version; the top bit, "hidden", is left out.</summary>
    internal int VersionIndex(long symbol) => _image.Reader.UInt16(_versions + symbol * 2, "DT_VERSYM") & 0x7fff;

    private (long Imports, long Count) CountSymbols()
    {
        var reader = _image.Reader;
        var table = _image.Locate(DynamicTag.GnuHash, 16, "DT_GNU_HASH");
        long buckets = reader.UInt32(table, "nbuckets"), first = reader.UInt32(table + 4, "symoffset");
        var bucketsAt = table + 16 + 8L * reader.UInt32(table + 8, "bloom_size");
        var chainsAt = bucketsAt + 4 * buckets;
        reader.Span(bucketsAt, 4 * buckets, "the hash buckets");
        var last = 0L;
        for (var i = 0L; i < buckets; i++) last = Math.Max(last, reader.UInt32(bucketsAt + 4 * i, "a hash bucket"));
        if (last == 0) return (first, first);
        if (last < first) throw reader.Malformed($"a hash bucket begins at symbol {last}, before the first hashed one, {first}");

        // The chain with the highest start is the last one; its end is the end of the table. Bit 0 marks it.
        while ((reader.UInt32(chainsAt + 4 * (last - first), "a hash chain") & 1) == 0) last++;
        return (first, last + 1);
    }
}

using System.Buffers.Binary;
using System.Text;

namespace PeftStudio.Engine.Tests.Native;

/// <summary>
/// A shared library of a few hundred bytes with everything that the dynamic loader reads: one segment over the whole file, a dynamic section,
/// strings, symbols, their hash table and versions. File offsets are addresses too.
/// </summary>
internal sealed class SyntheticLibrary
{
    internal const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const int HeaderSize = 64 + 2 * 56;
    private const int DynamicEntries = 10;

    /// <summary>Imported symbols in order, each with the number of its version.</summary>
    internal List<(string Name, ushort Version)> Imports { get; } = [("_ZNSt8ios_baseD2Ev", 2), (NewSymbol, 3)];

    /// <summary>Versions needed of libstdc++.so.6, each with its number.</summary>
    internal List<(string Version, ushort Index)> Needs { get; } = [("GLIBCXX_3.4.32", 3), ("GLIBCXX_3.4", 2)];

    /// <summary>Versions that the library defines.</summary>
    internal List<string> Definitions { get; } = ["libsynthetic.so", "SYNTHETIC_1.0"];

    /// <summary>Whether a symbol's name is stored as the tail of another's, as linkers do.</summary>
    internal bool SharesTail { get; set; }

    internal byte[] Build()
    {
        var strings = new MemoryStream();
        strings.WriteByte(0);
        uint Text(string text)
        {
            var offset = (uint)strings.Length;
            strings.Write(Encoding.UTF8.GetBytes(text + "\0"));
            return offset;
        }

        var needs = Bytes(w =>
        {
            w((ushort)1, (ushort)Needs.Count, Text("libstdc++.so.6"), 16u, 0u);
            foreach (var (version, index) in Needs)
                w(ElfHash(version), (ushort)0, index, Text(version), (version, index) == Needs[^1] ? 0u : 16u);
        });
        var definitions = Bytes(w =>
        {
            for (var i = 0; i < Definitions.Count; i++)
            {
                w((ushort)1, (ushort)0, (ushort)(i + 1), (ushort)1, ElfHash(Definitions[i]), 20u, i == Definitions.Count - 1 ? 0u : 28u);
                w(Text(Definitions[i]), 0u);
            }
        });
        var symbols = Bytes(w =>
        {
            w(0ul, 0ul, 0ul);
            var tail = 0u;
            foreach (var (name, _) in Imports)
            {
                var offset = Text(name);
                w(offset, (ushort)0x12, (ushort)0, 0ul, 0ul);
                tail = offset + 4;
            }

            w(SharesTail ? tail : Text("exported"), (ushort)0x12, (ushort)1, 0x100ul, 0ul);
        });
        var versions = Bytes(w =>
        {
            w((ushort)0);
            foreach (var (_, version) in Imports) w(version);
            w((ushort)1);
        });

        // One bucket, an empty Bloom filter of one word, one exported symbol whose chain ends at once.
        var first = (uint)(Imports.Count + 1);
        var hash = Bytes(w => w(1u, first, 1u, 0u, 0ul, first, 1u));
        return Assemble(strings.ToArray(), needs, definitions, symbols, versions, hash);
    }

    private byte[] Assemble(byte[] strings, byte[] needs, byte[] definitions, byte[] symbols, byte[] versions, byte[] hash)
    {
        var offset = (ulong)(HeaderSize + DynamicEntries * 16);
        ulong Next(byte[] part)
        {
            var at = offset;
            offset += (ulong)((part.Length + 7) & ~7);
            return at;
        }

        var dynamic = Bytes(w => w(
            5ul, Next(strings), 10ul, (ulong)strings.Length,
            0x6ffffffeul, Next(needs), 0x6ffffffful, 1ul,
            0x6ffffffcul, Next(definitions), 0x6ffffffdul, (ulong)Definitions.Count,
            6ul, Next(symbols), 0x6ffffff0ul, Next(versions), 0x6ffffef5ul, Next(hash), 0ul, 0ul));
        var size = offset;
        var file = new MemoryStream();
        file.Write(Bytes(w =>
        {
            w(0x00010102464c457ful, 0ul, (ushort)3, (ushort)62, 1u, 0ul, 64ul, 0ul, 0u, (ushort)64, (ushort)56, (ushort)2, (ushort)0, (ushort)0, (ushort)0);
            w(1u, 4u, 0ul, 0ul, 0ul, size, size, 4096ul);
            w(2u, 4u, (ulong)HeaderSize, (ulong)HeaderSize, (ulong)HeaderSize, (ulong)dynamic.Length, (ulong)dynamic.Length, 8ul);
        }));
        foreach (var part in (byte[][])[dynamic, strings, needs, definitions, symbols, versions, hash])
        {
            file.Write(part);
            file.Write(new byte[-part.Length & 7]);
        }

        return file.ToArray();
    }

    private delegate void Writer(params object[] values);

    private static byte[] Bytes(Action<Writer> write)
    {
        var bytes = new List<byte>();
        write(values =>
        {
            var word = new byte[8];
            foreach (var value in values)
            {
                var (number, size) = value switch
                {
                    ushort u => ((ulong)u, 2),
                    uint u => (u, 4),
                    ulong u => (u, 8),
                    _ => throw new ArgumentException(value.GetType().Name),
                };
                BinaryPrimitives.WriteUInt64LittleEndian(word, number);
                bytes.AddRange(word.AsSpan(0, size));
            }
        });
        return [.. bytes];
    }

    /// <summary>The hash of the System V ABI, as in vna_hash.</summary>
    internal static uint ElfHash(string name)
    {
        var hash = 0u;
        foreach (var c in name)
        {
            hash = (hash << 4) + c;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }
}

using System.IO.Compression;
using System.Text;

namespace PeftStudio.Formats.Tests.Pickle;

/// <summary>Builds torch.save files of both forms by hand, so that tests can also build wrong ones.</summary>
internal sealed class TorchFileBuilder
{
    private readonly List<byte> _entries = [];
    private readonly Dictionary<string, byte[]> _storages = [];

    /// <summary>Adds a storage of F32 elements.</summary>
    internal TorchFileBuilder Storage(string key, params float[] values)
    {
        _storages[key] = values.SelectMany(BitConverter.GetBytes).ToArray();
        return this;
    }

    /// <summary>Adds a tensor to the dictionary.</summary>
    internal TorchFileBuilder Tensor(string name, string key, long count, long offset, long[] shape, long[] strides)
    {
        byte[] legacyView = Legacy ? [(byte)'N'] : [];
        _entries.AddRange(
        [
            .. TextOpcodes(name), .. GlobalOpcodes("torch._utils", "_rebuild_tensor_v2"), .. "(("u8, .. TextOpcodes("storage"), .. GlobalOpcodes("torch", "FloatStorage"),
            .. TextOpcodes(key), .. TextOpcodes("cpu"), .. LongOpcodes(count), .. legacyView, .. "tQ"u8, .. LongOpcodes(offset),
            .. "("u8, .. shape.SelectMany(LongOpcodes), .. "t("u8, .. strides.SelectMany(LongOpcodes), .. "t"u8,
            0x89, .. GlobalOpcodes("collections", "OrderedDict"), .. ")RtR"u8,
        ]);
        return this;
    }

    /// <summary>Adds opcodes as they are: a key and a value.</summary>
    internal TorchFileBuilder Raw(params byte[] opcodes)
    {
        _entries.AddRange(opcodes);
        return this;
    }

    internal bool Legacy { get; init; }

    internal byte[] Build(CompressionLevel compression = CompressionLevel.NoCompression)
    {
        byte[] pickle = [0x80, 2, (byte)'}', (byte)'(', .. _entries, (byte)'u', (byte)'.'];
        return Legacy ? BuildLegacy(pickle) : BuildZip(pickle, compression);
    }

    internal static byte[] GlobalOpcodes(string module, string name) => Encoding.UTF8.GetBytes($"c{module}\n{name}\n");

    internal static byte[] TextOpcodes(string text) => [(byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] LongOpcodes(long value) => [0x8a, 8, .. BitConverter.GetBytes(value)];

    private byte[] BuildZip(byte[] pickle, CompressionLevel compression)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Entry("archive/data.pkl", pickle);
            Entry("archive/byteorder", "little"u8.ToArray());
            foreach (var (key, bytes) in _storages) Entry("archive/data/" + key, bytes);

            void Entry(string name, byte[] bytes)
            {
                using var entry = zip.CreateEntry(name, compression).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    private byte[] BuildLegacy(byte[] pickle)
    {
        using var stream = new MemoryStream();
        stream.Write([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']);
        stream.Write([0x80, 2, (byte)'M', 0xe9, 0x03, (byte)'.']);
        stream.Write([0x80, 2, (byte)'}', (byte)'(', .. TextOpcodes("little_endian"), 0x88, (byte)'u', (byte)'.']);
        stream.Write(pickle);
        stream.Write([0x80, 2, (byte)']', (byte)'(']);
        foreach (var key in _storages.Keys) stream.Write(TextOpcodes(key));
        stream.Write("e."u8);
        foreach (var bytes in _storages.Values)
        {
            stream.Write(BitConverter.GetBytes(bytes.LongLength / 4));
            stream.Write(bytes);
        }

        return stream.ToArray();
    }
}

using System.Buffers.Binary;
using System.Text;
using PeftStudio.Formats.Files;

namespace PeftStudio.Formats.Pickle;

/// <summary>
/// The table of a zip archive whose entries are stored uncompressed, as torch.save writes: where each entry's bytes lie in the file.
/// Format: PKWARE APPNOTE 6.3, with zip64.
/// </summary>
internal static class StoredZip
{
    private const uint LocalSignature = 0x04034B50;
    private const uint CentralSignature = 0x02014B50;
    private const uint EndSignature = 0x06054B50;
    private const uint End64Signature = 0x06064B50;
    private const uint Locator64Signature = 0x07064B50;
    private const int EndBytes = 22;
    private const int MostComment = 65_535;
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;

    internal static bool Matches(MappedFile file)
    {
        if (file.Length < 4) return false;
        Span<byte> start = stackalloc byte[4];
        file.Read(0, start);
        return BinaryPrimitives.ReadUInt32LittleEndian(start) == LocalSignature;
    }

    /// <summary>Offset and length of every entry by name.</summary>
    internal static Dictionary<string, (long Offset, long Length)> Read(MappedFile file)
    {
        var (position, size, count) = FindDirectory(file);
        if (position < 0 || size < 0 || position > file.Length - size || count < 0 || count > size / CentralBytes)
        {
            throw PickleErrors.Invalid(file.Path, $"a zip directory of {count} entries in {size} bytes at {position}, outside the file");
        }

        var entries = new Dictionary<string, (long Offset, long Length)>(StringComparer.Ordinal);
        var end = position + size;
        for (var i = 0L; i < count; i++)
        {
            var header = Bytes(file, position, CentralBytes, end);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != CentralSignature) throw PickleErrors.Invalid(file.Path, $"no zip directory entry at byte {position}");
            var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
            var extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30));
            var commentLength = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32));
            var rest = Bytes(file, position + CentralBytes, nameLength + extraLength, end);
            var name = Encoding.UTF8.GetString(rest, 0, nameLength);
            var (length, stored, local) = Sizes(file, header, rest.AsSpan(nameLength));
            var method = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(10));
            if (method != 0 || stored != length) throw PickleErrors.Invalid(file.Path, $"entry '{name}' that is compressed; torch.save stores entries as they are");
            if (!entries.TryAdd(name, (DataOffset(file, name, local, length), length))) throw PickleErrors.Invalid(file.Path, $"entry '{name}' twice");
            position += CentralBytes + nameLength + extraLength + commentLength;
        }

        return entries;
    }

    private static (long Position, long Size, long Count) FindDirectory(MappedFile file)
    {
        var length = (int)Math.Min(file.Length, EndBytes + MostComment);
        var tail = new byte[length];
        file.Read(file.Length - length, tail);
        for (var i = length - EndBytes; i >= 0; i--)
        {
            var end = tail.AsSpan(i);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature) continue;
            var count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
            var size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
            var position = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
            return count == ushort.MaxValue || size == uint.MaxValue || position == uint.MaxValue
                ? FindDirectory64(file, file.Length - length + i) : (position, size, count);
        }

        throw PickleErrors.Invalid(file.Path, "a zip archive without a directory: the file is truncated");
    }

    private static (long Position, long Size, long Count) FindDirectory64(MappedFile file, long end)
    {
        var locator = Bytes(file, end - 20, 20, end);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != Locator64Signature) throw PickleErrors.Invalid(file.Path, "a zip64 archive without its locator");
        var record = Bytes(file, BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8)), 56, end);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != End64Signature) throw PickleErrors.Invalid(file.Path, "a zip64 archive without its directory record");
        return (BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48)), BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(40)),
            BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(32)));
    }

    private static (long Length, long Stored, long Local) Sizes(MappedFile file, byte[] header, ReadOnlySpan<byte> extra)
    {
        long stored = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(20));
        long length = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(24));
        long local = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(42));
        for (; extra.Length >= 4; extra = extra[(4 + BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]))..])
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (size > extra.Length - 4) break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) != 1) continue;
            var fields = extra.Slice(4, size);
            Widen(ref length, ref fields);
            Widen(ref stored, ref fields);
            Widen(ref local, ref fields);
        }

        return length >= 0 && stored >= 0 && local >= 0 ? (length, stored, local) : throw PickleErrors.Invalid(file.Path, "a zip entry of negative size");
    }

    // The zip64 field holds, in this order, only those numbers that did not fit.
    private static void Widen(ref long value, ref ReadOnlySpan<byte> fields)
    {
        if (value != uint.MaxValue || fields.Length < 8) return;
        value = BinaryPrimitives.ReadInt64LittleEndian(fields);
        fields = fields[8..];
    }

    private static long DataOffset(MappedFile file, string name, long local, long length)
    {
        var header = Bytes(file, local, LocalBytes, file.Length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature) throw PickleErrors.Invalid(file.Path, $"entry '{name}' without a local header");
        var data = local + LocalBytes + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        return data <= file.Length - length ? data : throw PickleErrors.Invalid(file.Path, $"entry '{name}' beyond the end of the file");
    }

    private static byte[] Bytes(MappedFile file, long position, int count, long end)
    {
        if (position < 0 || position > end - count) throw PickleErrors.Invalid(file.Path, $"a zip structure at byte {position} beyond its end at {end}");
        var bytes = new byte[count];
        file.Read(position, bytes);
        return bytes;
    }
}

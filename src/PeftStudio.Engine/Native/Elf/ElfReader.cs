using System.Buffers.Binary;
using System.Text;

namespace PeftStudio.Engine.Native.Elf;

/// <summary>Little-endian reads from a file held in memory; a read outside of it is a <see cref="PeftStudioException"/>.</summary>
/// <param name="path">The file's path, for messages.</param>
/// <param name="bytes">The whole file.</param>
internal sealed class ElfReader(string path, byte[] bytes)
{
    /// <summary>Longer names than this occur in no library and would only cost time.</summary>
    private const int LongestName = 16 * 1024;

    internal string Path { get; } = path;

    internal int Length => bytes.Length;

    internal ushort UInt16(long offset, string what) => BinaryPrimitives.ReadUInt16LittleEndian(Span(offset, 2, what));

    internal uint UInt32(long offset, string what) => BinaryPrimitives.ReadUInt32LittleEndian(Span(offset, 4, what));

    /// <summary>A 64-bit offset, address or size; none beyond 2^62 is accepted, so that sums of two cannot overflow.</summary>
    internal long Int64(long offset, string what)
    {
        var value = BinaryPrimitives.ReadUInt64LittleEndian(Span(offset, 8, what));
        return value <= 1UL << 62 ? (long)value : throw Malformed($"{what} is {value}, beyond any file");
    }

    internal ReadOnlySpan<byte> Span(long offset, long length, string what)
    {
        if (offset < 0 || length < 0 || offset > bytes.Length || length > bytes.Length - offset)
            throw Malformed($"{what} lies at {offset}, {length} bytes long, and the file has {bytes.Length}");
        return bytes.AsSpan((int)offset, (int)length);
    }

    /// <summary>A zero-terminated name that begins and ends in the given range.</summary>
    internal string Name(long offset, long end, string what)
    {
        var room = Span(offset, Math.Min(end - offset, LongestName), what);
        var length = room.IndexOf((byte)0);
        return length >= 0 ? Encoding.UTF8.GetString(room[..length]) : throw Malformed($"{what} at {offset} has no end");
    }

    internal PeftStudioException Malformed(string found) => new(
        ErrorCodes.InvalidNativeLibrary,
        "a native library is damaged",
        Path,
        found + ". Nothing was changed.",
        "Delete the package's folder from the NuGet cache (dotnet nuget locals global-packages --list shows where it is), restore and build again.");
}

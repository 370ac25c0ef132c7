using System.Buffers.Binary;
using System.Text;
using PeftStudio.Formats.Files;

namespace PeftStudio.Formats.Gguf;

/// <summary>Reads the header front to back; nothing is allocated before the file is known to hold it.</summary>
internal sealed class GgufCursor(MappedFile file)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    internal long Position { get; private set; }

    internal long Remaining => file.Length - Position;

    internal byte ReadByte(string what)
    {
        Span<byte> bytes = stackalloc byte[1];
        Fill(bytes, what);
        return bytes[0];
    }

    internal uint ReadUInt32(string what)
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes, what);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    internal ulong ReadUInt64(string what)
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes, what);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Reads a 64-bit count of things that take at least some bytes each.</summary>
    internal int ReadCount(int leastBytes, string what)
    {
        var count = ReadUInt64("the number of " + what);
        if (count <= (ulong)(Remaining / leastBytes) && count <= (ulong)Array.MaxLength) return (int)count;
        throw Invalid($"{count} {what} announced with {Remaining} bytes left", $"each takes at least {leastBytes} bytes");
    }

    /// <summary>Reads a length and as many bytes.</summary>
    internal byte[] ReadBytes(string what)
    {
        var bytes = new byte[ReadCount(1, "bytes of " + what)];
        Fill(bytes, what);
        return bytes;
    }

    /// <summary>Reads a key or a name: UTF-8, at least one byte and at most <paramref name="most"/>.</summary>
    internal string ReadName(int most, string what)
    {
        var length = ReadUInt64("the length of " + what);
        if (length == 0 || length > (ulong)most) throw Invalid($"{what} of {length} bytes", $"1 to {most} bytes are allowed");
        if ((long)length > Remaining) throw Truncated(what);
        var bytes = new byte[length];
        Fill(bytes, what);
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw Invalid($"{what} that is not UTF-8 at byte {Position - bytes.Length}", "keys and names must be UTF-8", e);
        }
    }

    internal void Fill(Span<byte> destination, string what)
    {
        if (destination.Length > Remaining) throw Truncated(what);
        file.Read(Position, destination);
        Position += destination.Length;
    }

    internal PeftStudioException Invalid(string found, string rule, Exception? cause = null) => GgufErrors.Invalid(file.Path, found, rule, cause);

    private PeftStudioException Truncated(string what) =>
        Invalid($"{file.Length} bytes, which end within {what} at byte {Position}", "the file is truncated, or not a GGUF file");
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using PeftStudio.Formats.Files;
using PeftStudio.Formats.Quantization;

namespace PeftStudio.Formats.Gguf;

/// <summary>Writes GGUF files (version 3, little-endian), tensor by tensor, in the order that is given.</summary>
public static class GgufWriter
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Final name; written under a temporary one first.</param>
    /// <param name="metadata">In the order to write; empty lists are left out, since readers refuse them. <c>general.alignment</c> is obeyed.</param>
    /// <param name="tensors">In the order to write.</param>
    /// <param name="writeData">Called once a tensor, in this order: writes exactly its bytes.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.DiskFull"/> or <see cref="ErrorCodes.OutputNotWritable"/>.</exception>
    /// <exception cref="ArgumentException">A name is empty, too long or used twice, or a row is no whole number of blocks.</exception>
    public static void Write(string path, GgufMetadata metadata, IReadOnlyList<GgufTensor> tensors, Action<GgufTensor, Stream> writeData)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(writeData);
        RequireWritable(tensors);
        var alignment = metadata.Integer("general.alignment") ?? GgufHeader.DefaultAlignment;
        var header = BuildHeader(metadata, tensors, alignment);
        SafeFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var tensor in tensors)
            {
                var before = stream.Position;
                writeData(tensor, stream);
                if (stream.Position - before != tensor.ByteCount)
                {
                    throw new InvalidOperationException($"tensor '{tensor.Name}': {stream.Position - before} bytes written, {tensor.ByteCount} announced");
                }

                stream.Write(new byte[GgufHeader.Align(stream.Position, alignment) - stream.Position]);
            }
        });
    }

    private static void RequireWritable(IReadOnlyList<GgufTensor> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            var bytes = Encoding.UTF8.GetByteCount(tensor.Name);
            if (bytes is 0 or > GgufHeader.MostNameBytes) throw new ArgumentException($"tensor name '{tensor.Name}' has {bytes} bytes, 1 to {GgufHeader.MostNameBytes} are allowed", nameof(tensors));
            if (!names.Add(tensor.Name)) throw new ArgumentException($"tensor '{tensor.Name}' twice", nameof(tensors));
            if (tensor.Shape.Count > GgufHeader.MostDimensions) throw new ArgumentException($"tensor '{tensor.Name}' has {tensor.Shape.Count} dimensions", nameof(tensors));
            if (tensor.Width % GgmlTypes.BlockElements(tensor.Type) != 0) throw new ArgumentException($"rows of '{tensor.Name}' are no whole number of {tensor.Type} blocks", nameof(tensors));
        }
    }

    // The header is small beside the data: vocabularies of some megabytes at most.
    private static byte[] BuildHeader(GgufMetadata metadata, IReadOnlyList<GgufTensor> tensors, int alignment)
    {
        using var stream = new MemoryStream();
        var pairs = metadata.Where(p => p.Value.Count > 0).ToArray();
        WriteUInt32(stream, GgufHeader.Magic);
        WriteUInt32(stream, 3);
        WriteUInt64(stream, (ulong)tensors.Count);
        WriteUInt64(stream, (ulong)pairs.Length);
        foreach (var (key, value) in pairs)
        {
            WriteString(stream, Encoding.UTF8.GetBytes(key));
            WriteValue(stream, value);
        }

        var offset = 0L;
        foreach (var tensor in tensors)
        {
            WriteString(stream, Encoding.UTF8.GetBytes(tensor.Name));
            WriteUInt32(stream, (uint)tensor.Shape.Count);
            foreach (var extent in tensor.Shape.Reverse()) WriteUInt64(stream, (ulong)extent);
            WriteUInt32(stream, (uint)tensor.Type);
            WriteUInt64(stream, (ulong)offset);
            offset = GgufHeader.Align(offset + tensor.ByteCount, alignment);
        }

        stream.Write(new byte[GgufHeader.Align(stream.Position, alignment) - stream.Position]);
        return stream.ToArray();
    }

    private static void WriteValue(Stream stream, GgufValue value)
    {
        WriteUInt32(stream, (uint)value.Type);
        if (value.Type == GgufValueType.Array)
        {
            WriteUInt32(stream, (uint)value.ElementType!.Value);
            WriteUInt64(stream, (ulong)value.Count);
        }

        WriteData(stream, value.Data, value.Type);
    }

    private static void WriteData(Stream stream, object data, GgufValueType type)
    {
        switch (data)
        {
            case byte[] text when type == GgufValueType.String: WriteString(stream, text); break;
            case byte[][] texts: foreach (var text in texts) WriteString(stream, text); break;
            case byte[] v: stream.Write(v); break;
            case sbyte[] v: Write<sbyte>(stream, v); break;
            case bool[] v: Write<bool>(stream, v); break;
            case ushort[] v: Write<ushort>(stream, v); break;
            case short[] v: Write<short>(stream, v); break;
            case uint[] v: Write<uint>(stream, v); break;
            case int[] v: Write<int>(stream, v); break;
            case float[] v: Write<float>(stream, v); break;
            case ulong[] v: Write<ulong>(stream, v); break;
            case long[] v: Write<long>(stream, v); break;
            case double[] v: Write<double>(stream, v); break;
            case byte v: Write<byte>(stream, [v]); break;
            case sbyte v: Write<sbyte>(stream, [v]); break;
            case bool v: Write<bool>(stream, [v]); break;
            case ushort v: Write<ushort>(stream, [v]); break;
            case short v: Write<short>(stream, [v]); break;
            case uint v: Write<uint>(stream, [v]); break;
            case int v: Write<int>(stream, [v]); break;
            case float v: Write<float>(stream, [v]); break;
            case ulong v: Write<ulong>(stream, [v]); break;
            case long v: Write<long>(stream, [v]); break;
            case double v: Write<double>(stream, [v]); break;
            default: throw new InvalidOperationException($"no GGUF value is a {data.GetType()}");
        }
    }

    private static void Write<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged => stream.Write(MemoryMarshal.AsBytes(values));

    private static void WriteString(Stream stream, byte[] text)
    {
        WriteUInt64(stream, (ulong)text.Length);
        stream.Write(text);
    }

    private static void WriteUInt32(Stream stream, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void WriteUInt64(Stream stream, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}

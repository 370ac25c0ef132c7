using System.Text.Json;
using PeftStudio.Formats.Files;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Safetensors;

/// <summary>Writes safetensors files as the reference writer does: order by element type then name, header padded to eight bytes.</summary>
public static class SafetensorsWriter
{
    /// <summary>The metadata that PyTorch-based loaders expect.</summary>
    public static IReadOnlyDictionary<string, string> PyTorchMetadata { get; } = new Dictionary<string, string> { ["format"] = "pt" };

    /// <summary>Writes a file, tensor by tensor.</summary>
    /// <param name="path">Final name; written under a temporary one first.</param>
    /// <param name="tensors">What to write, in any order; byte counts must fit the shapes.</param>
    /// <param name="writeData">Called once a tensor, in file order: writes exactly its bytes.</param>
    /// <param name="metadata">The header's strings; <see cref="PyTorchMetadata"/> unless given.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.DiskFull"/> or <see cref="ErrorCodes.OutputNotWritable"/>.</exception>
    public static void Write(
        string path, IEnumerable<TensorInfo> tensors, Action<TensorInfo, Stream> writeData, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(writeData);
        var ordered = tensors.OrderBy(t => t.Type).ThenBy(t => t.Name, StringComparer.Ordinal).ToArray();
        SafeFile.Write(path, stream =>
        {
            WriteHeader(stream, ordered, metadata ?? PyTorchMetadata);
            foreach (var tensor in ordered)
            {
                var before = stream.Position;
                writeData(tensor, stream);
                if (stream.Position - before != tensor.ByteCount)
                {
                    throw new InvalidOperationException($"tensor '{tensor.Name}': {stream.Position - before} bytes written, {tensor.ByteCount} announced");
                }
            }
        });
    }

    /// <summary>Writes a file from tensors that are in memory.</summary>
    /// <param name="path">Final name; written under a temporary one first.</param>
    /// <param name="tensors">What to write, with its raw little-endian bytes.</param>
    /// <param name="metadata">The header's strings; <see cref="PyTorchMetadata"/> unless given.</param>
    public static void Write(
        string path, IEnumerable<(TensorInfo Info, ReadOnlyMemory<byte> Data)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var data = tensors.ToDictionary(t => t.Info.Name, t => t, StringComparer.Ordinal);
        Write(path, data.Values.Select(t => t.Info), (info, stream) => stream.Write(data[info.Name].Data.Span), metadata);
    }

    private static void WriteHeader(Stream stream, TensorInfo[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }

            var position = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                WriteNumbers(json, "shape", tensor.Shape);
                WriteNumbers(json, "data_offsets", [position, position + tensor.ByteCount]);
                json.WriteEndObject();
                position += tensor.ByteCount;
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        stream.Write(BitConverter.GetBytes((ulong)buffer.Length));
        buffer.Position = 0;
        buffer.CopyTo(stream);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PeftStudio.Training.Tests.Data;

/// <summary>The 64-bit arrays of a golden <c>batches.safetensors</c>: <c>step00.micro0.input_ids</c> and so on.</summary>
internal sealed class GoldenBatches
{
    private readonly byte[] file;
    private readonly JsonElement header;
    private readonly int data;

    internal GoldenBatches(string path)
    {
        file = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        header = JsonDocument.Parse(file.AsMemory(8, length)).RootElement;
        data = 8 + length;
    }

    internal IEnumerable<string> Steps => header.EnumerateObject().Select(p => p.Name.Split('.')[0]).Where(n => n.StartsWith("step", StringComparison.Ordinal)).Distinct().Order();

    internal long[] Read(string name)
    {
        var offsets = header.GetProperty(name).GetProperty("data_offsets");
        return MemoryMarshal.Cast<byte, long>(file.AsSpan((data + offsets[0].GetInt32())..(data + offsets[1].GetInt32()))).ToArray();
    }
}

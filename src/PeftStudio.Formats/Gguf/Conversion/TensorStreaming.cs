using System.Buffers;
using System.Runtime.InteropServices;
using PeftStudio.Formats.Quantization;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>Writes tensors in another element type, some rows at a time: memory is bounded by a batch, however large the tensor.</summary>
internal sealed class TensorStreaming(ITensorSource source, IProgress<GgufProgress>? progress, long totalBytes, CancellationToken cancellationToken)
{
    private const int BatchElements = 1 << 21;
    private const int PartElements = 1 << 14;

    private long _written;

    /// <summary>Writes one tensor.</summary>
    /// <param name="name">Name in the source.</param>
    /// <param name="tensor">Type and shape to write.</param>
    /// <param name="stream">Receives the bytes.</param>
    internal void Write(string name, GgufTensor tensor, Stream stream)
    {
        var info = source.Tensors[name];
        var block = GgmlTypes.BlockElements(tensor.Type);
        var batch = (int)Math.Min(tensor.ElementCount, BatchElements / block * block);
        var elementBytes = TensorTypes.BitsOf(info.Type) / 8;
        var raw = ArrayPool<byte>.Shared.Rent(Math.Max(1, batch * elementBytes));
        var values = ArrayPool<float>.Shared.Rent(Math.Max(1, batch));
        var result = ArrayPool<byte>.Shared.Rent((int)Math.Max(1, GgmlTypes.ByteCount(tensor.Type, batch)));
        try
        {
            for (var done = 0L; done < tensor.ElementCount; done += batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new(tensor.Name, _written, totalBytes));
                var count = (int)Math.Min(batch, tensor.ElementCount - done);
                var bytes = (int)GgmlTypes.ByteCount(tensor.Type, count);
                source.Read(name, done * elementBytes, raw.AsSpan(0, count * elementBytes));
                FloatConversion.ToFloats(info, raw.AsSpan(0, count * elementBytes), values.AsSpan(0, count));
                Quantize(tensor.Type, values, count, result, block);
                stream.Write(result, 0, bytes);
                _written += bytes;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
            ArrayPool<float>.Shared.Return(values);
            ArrayPool<byte>.Shared.Return(result);
        }
    }

    // Blocks are independent of each other, so parts can be made at the same time.
    private void Quantize(GgmlType type, float[] values, int count, byte[] result, int block)
    {
        var part = PartElements / block * block;
        var parts = (count + part - 1) / part;
        if (block == 1 || parts == 1)
        {
            BlockFormats.Quantize(type, values.AsSpan(0, count), result.AsSpan(0, (int)GgmlTypes.ByteCount(type, count)));
            return;
        }

        Parallel.For(0, parts, new ParallelOptions { CancellationToken = cancellationToken }, p =>
        {
            var first = p * part;
            var length = Math.Min(part, count - first);
            BlockFormats.Quantize(
                type, values.AsSpan(first, length), result.AsSpan((int)GgmlTypes.ByteCount(type, first), (int)GgmlTypes.ByteCount(type, length)));
        });
    }

    /// <summary>Writes values that are in memory.</summary>
    internal static void Write(float[] values, Stream stream) => stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
}

using System.Buffers;
using System.Runtime.InteropServices;
using PeftStudio.Formats.Quantization;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Gguf.Conversion;

/// <summary>
/// Tensors of a GGUF file under their own names: types that other checkpoints know as they are, quantised ones as float32, read block by block.
/// </summary>
internal sealed class GgufValues : ITensorSource
{
    private const int PieceElements = 1 << 15;

    private readonly GgufFile _file;

    internal GgufValues(GgufFile file)
    {
        _file = file;
        Tensors = file.Tensors.ToDictionary(t => t.Name, Describe, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public void Read(string name, long offset, Span<byte> destination)
    {
        var tensor = _file.Find(name) ?? throw new KeyNotFoundException($"no tensor '{name}' in {_file.Path}");
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Tensors[name].ByteCount - destination.Length);
        if (GgmlTypes.IsQuantized(tensor.Type)) Dequantize(tensor, offset, destination);
        else _file.Read(name, offset, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static TensorInfo Describe(GgufTensor tensor)
    {
        var type = tensor.Type switch
        {
            GgmlType.F16 => TensorType.F16,
            GgmlType.BF16 => TensorType.BF16,
            GgmlType.F64 => TensorType.F64,
            GgmlType.I8 => TensorType.I8,
            GgmlType.I16 => TensorType.I16,
            GgmlType.I32 => TensorType.I32,
            GgmlType.I64 => TensorType.I64,
            _ => TensorType.F32,
        };
        return new(tensor.Name, type, tensor.Shape, checked(tensor.ElementCount * (TensorTypes.BitsOf(type) / 8)));
    }

    private void Dequantize(GgufTensor tensor, long offset, Span<byte> destination)
    {
        var (perBlock, blockBytes) = (GgmlTypes.BlockElements(tensor.Type), GgmlTypes.BlockBytes(tensor.Type));
        var values = ArrayPool<float>.Shared.Rent(PieceElements);
        var blocks = ArrayPool<byte>.Shared.Rent(PieceElements / perBlock * blockBytes);
        try
        {
            while (!destination.IsEmpty)
            {
                var first = offset / sizeof(float) / perBlock;
                var skip = (int)(offset - (first * perBlock * sizeof(float)));
                var wanted = (skip + destination.Length + (perBlock * sizeof(float)) - 1) / (perBlock * sizeof(float));
                var count = Math.Min(wanted, PieceElements / perBlock);
                var raw = blocks.AsSpan(0, count * blockBytes);
                var read = values.AsSpan(0, count * perBlock);
                _file.Read(tensor.Name, first * blockBytes, raw);
                BlockFormats.Dequantize(tensor.Type, raw, read);
                var bytes = MemoryMarshal.AsBytes(read)[skip..];
                var part = bytes[..Math.Min(bytes.Length, destination.Length)];
                part.CopyTo(destination);
                destination = destination[part.Length..];
                offset += part.Length;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
            ArrayPool<byte>.Shared.Return(blocks);
        }
    }
}

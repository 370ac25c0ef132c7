using System.Runtime.InteropServices;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine;

/// <summary>Moves tensors between files and libtorch without a copy of the whole in between.</summary>
internal static class TensorTransfer
{
    // Tensor.bytes is a span, which ends at 2 GiB: larger tensors are filled in pieces of rows.
    private const long LargestSpan = 1L << 30;

    /// <summary>Reads a checkpoint's tensor in the wanted type; the caller owns the result.</summary>
    internal static Tensor Load(Checkpoint checkpoint, string name, ScalarType type) =>
        Load(checkpoint.Info(name), type, (offset, bytes) => checkpoint.Read(name, offset, bytes));

    /// <summary>Reads a tensor of a source in the wanted type; the caller owns the result.</summary>
    internal static Tensor Load(ITensorSource source, string name, ScalarType type) =>
        Load(source.Tensors[name], type, (offset, bytes) => source.Read(name, offset, bytes));

    /// <summary>Raw bytes of a tensor, row-major.</summary>
    internal static byte[] ToBytes(Tensor tensor)
    {
        using var contiguous = tensor.detach().contiguous();
        using var host = contiguous.cpu();
        return host.bytes.ToArray();
    }

    private static Tensor Load(TensorInfo info, ScalarType type, ReadBytes read)
    {
        using var scope = NewDisposeScope();
        var result = empty(info.Shape.ToArray(), type);
        if (Native(info.Type) is { } native)
        {
            var raw = native == type ? result : empty(info.Shape.ToArray(), native);
            Fill(raw, info, read);
            if (!ReferenceEquals(raw, result)) result.copy_(raw);
            return result.DetachFromDisposeScope();
        }

        // float8 and the like: decoded in managed code, a piece at a time.
        var flat = result.view(-1);
        var elementBytes = TensorTypes.BitsOf(info.Type) / 8;
        const int piece = 1 << 18;
        var bytes = new byte[piece * elementBytes];
        var floats = new float[piece];
        for (var done = 0L; done < info.ElementCount; done += piece)
        {
            var count = (int)Math.Min(piece, info.ElementCount - done);
            read(done * elementBytes, bytes.AsSpan(0, count * elementBytes));
            FloatConversion.ToFloats(info, bytes.AsSpan(0, count * elementBytes), floats.AsSpan(0, count));
            using var part = tensor(floats.AsSpan(0, count).ToArray());
            using var target = flat.narrow(0, done, count);
            target.copy_(part);
        }

        return result.DetachFromDisposeScope();
    }

    private delegate void ReadBytes(long offset, Span<byte> destination);

    private static void Fill(Tensor target, TensorInfo info, ReadBytes read)
    {
        if (info.ByteCount == 0) return;
        if (info.ByteCount <= LargestSpan)
        {
            read(0, target.bytes);
            return;
        }

        using var flat = target.view(-1);
        var elementBytes = TensorTypes.BitsOf(info.Type) / 8;
        var piece = LargestSpan / elementBytes;
        for (var done = 0L; done < info.ElementCount; done += piece)
        {
            using var part = flat.narrow(0, done, Math.Min(piece, info.ElementCount - done));
            read(done * elementBytes, part.bytes);
        }
    }

    private static ScalarType? Native(TensorType type) => type switch
    {
        TensorType.F32 => ScalarType.Float32,
        TensorType.BF16 => ScalarType.BFloat16,
        TensorType.F16 => ScalarType.Float16,
        TensorType.F64 => ScalarType.Float64,
        TensorType.I64 => ScalarType.Int64,
        TensorType.I32 => ScalarType.Int32,
        TensorType.U8 => ScalarType.Byte,
        _ => null,
    };

    /// <summary>Describes a tensor for a safetensors file.</summary>
    internal static (TensorInfo Info, ReadOnlyMemory<byte> Data) ToFile(string name, Tensor tensor)
    {
        var bytes = ToBytes(tensor);
        return (new TensorInfo(name, tensor.dtype.ToTensorType(), tensor.shape, bytes.Length), bytes);
    }
}

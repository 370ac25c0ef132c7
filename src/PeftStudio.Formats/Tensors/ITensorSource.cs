namespace PeftStudio.Formats.Tensors;

/// <summary>
/// Named tensors that are read on demand: a safetensors file, the shards of a checkpoint, a GGUF file.
/// Opening one reads its header only. Reads are thread-safe.
/// </summary>
public interface ITensorSource : IDisposable
{
    /// <summary>All tensors by name.</summary>
    IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>Copies a part of a tensor's raw bytes (row-major, little-endian).</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="offset">First byte, relative to the tensor's start.</param>
    /// <param name="destination">Filled completely.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The part is not inside the tensor.</exception>
    void Read(string name, long offset, Span<byte> destination);
}

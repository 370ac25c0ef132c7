using PeftStudio.Formats.Files;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Pickle;

/// <summary>
/// Weights that torch.save pickled (<c>pytorch_model.bin</c>, <c>adapter_model.bin</c>), in the zip form and the one before torch 1.6.
/// Only tensors are built: a pickle that asks for anything else is refused by name, and nothing in it is ever executed.
/// </summary>
public sealed class PickleCheckpoint : ITensorSource
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, (PickleTensor Tensor, long Start)> _tensors;

    private PickleCheckpoint(MappedFile file, Dictionary<string, (PickleTensor Tensor, long Start)> tensors)
    {
        _file = file;
        _tensors = tensors;
        Tensors = tensors.ToDictionary(t => t.Key, t => Describe(t.Key, t.Value.Tensor), StringComparer.Ordinal);
    }

    /// <summary>Path of the file.</summary>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>Opens a file: reads its pickles, no tensor data.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.FileNotFound"/>, <see cref="ErrorCodes.InvalidPickle"/>,
    /// <see cref="ErrorCodes.ForbiddenPickle"/> or <see cref="ErrorCodes.UnsupportedCheckpointForm"/>.</exception>
    public static PickleCheckpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = MappedFile.Open(path);
        try
        {
            var archive = PickleArchive.Read(file);
            var tensors = new Dictionary<string, (PickleTensor Tensor, long Start)>(StringComparer.Ordinal);
            foreach (var (name, tensor) in PickleTensors.Of(path, archive.Root)) tensors[name] = (tensor, Locate(path, name, tensor, archive));
            return new PickleCheckpoint(file, tensors);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Read(string name, long offset, Span<byte> destination)
    {
        var (tensor, start) = _tensors[name];
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Tensors[name].ByteCount - destination.Length);
        if (destination.IsEmpty) return;
        if (tensor.IsContiguous) _file.Read(start + offset, destination);
        else StridedReading.Gather(_file, tensor, start, offset, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static TensorInfo Describe(string name, PickleTensor tensor) =>
        new(name, tensor.Type, tensor.Shape, tensor.ElementCount * (TensorTypes.BitsOf(tensor.Type) / 8));

    private static long Locate(string path, string name, PickleTensor tensor, PickleArchive archive)
    {
        if (!archive.Storages.TryGetValue(tensor.Storage.Key, out var storage)) throw PickleErrors.Invalid(path, $"tensor '{name}' in storage '{tensor.Storage.Key}', which the file lacks");
        var elementBytes = TensorTypes.BitsOf(tensor.Type) / 8;
        var storageBytes = tensor.Storage.Type is null ? 1 : elementBytes;
        if (tensor.Storage.FirstElement + tensor.Storage.Count > storage.Length / storageBytes)
        {
            throw PickleErrors.Invalid(path, $"storage '{tensor.Storage.Key}' of {tensor.Storage.Count} elements in {storage.Length} bytes");
        }

        return storage.Offset + (tensor.Storage.FirstElement * storageBytes) + (tensor.Offset * elementBytes);
    }
}

using PeftStudio.Formats.Files;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Safetensors;

/// <summary>
/// A safetensors file, memory-mapped: opening reads and checks the header, data is read when asked for.
/// Format: the safetensors specification of Hugging Face, version 0.4 and later.
/// </summary>
public sealed class SafetensorsFile : ITensorSource
{
    private readonly MappedFile _file;
    private readonly SafetensorsHeader _header;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header)
    {
        _file = file;
        _header = header;
    }

    /// <summary>Path of the file.</summary>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => _header.Tensors;

    /// <summary>The header's free-form strings (<c>__metadata__</c>).</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.FileNotFound"/> or <see cref="ErrorCodes.InvalidSafetensors"/>.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = MappedFile.Open(path);
        try
        {
            return new SafetensorsFile(file, SafetensorsHeader.Read(file));
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
        var info = _header.Tensors[name];
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, info.ByteCount - destination.Length);
        _file.Read(_header.DataStart + _header.Offsets[name] + offset, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

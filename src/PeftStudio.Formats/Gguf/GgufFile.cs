using System.Globalization;
using PeftStudio.Formats.Files;

namespace PeftStudio.Formats.Gguf;

/// <summary>
/// A GGUF file or all parts of a split one, memory-mapped: opening reads and checks the headers, data is read when asked for.
/// Reads are thread-safe. Format: the GGUF specification of ggml, versions 2 and 3.
/// </summary>
public sealed class GgufFile : IDisposable
{
    private readonly MappedFile[] _files;
    private readonly Dictionary<string, (GgufTensor Tensor, MappedFile File, long Offset)> _index = new(StringComparer.Ordinal);

    private GgufFile(MappedFile[] files, GgufHeader[] headers)
    {
        _files = files;
        Metadata = headers[0].Metadata;
        Version = (int)headers[0].Version;
        var tensors = new List<GgufTensor>();
        for (var part = 0; part < files.Length; part++)
        {
            for (var i = 0; i < headers[part].Tensors.Count; i++)
            {
                var tensor = headers[part].Tensors[i];
                if (!_index.TryAdd(tensor.Name, (tensor, files[part], headers[part].Offsets[i])))
                {
                    throw GgufErrors.Split(files[part].Path, $"tensor '{tensor.Name}' is in an earlier part too", "download all parts of one export again");
                }

                tensors.Add(tensor);
            }
        }

        Tensors = tensors;
    }

    /// <summary>Path of the file, or of the first part.</summary>
    public string Path => _files[0].Path;

    /// <summary>Paths of all parts in order; one for a file that is not split.</summary>
    public IReadOnlyList<string> Parts => Array.ConvertAll(_files, f => f.Path);

    /// <summary>Format version, 2 or 3.</summary>
    public int Version { get; }

    /// <summary>Metadata; of a split file that of the first part, which holds all but the <c>split.*</c> keys of the others.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>All tensors in the order of the file.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>Opens a file, or a split file by its first part (<c>name-00001-of-00003.gguf</c>).</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.FileNotFound"/>, <see cref="ErrorCodes.InvalidGguf"/>,
    /// <see cref="ErrorCodes.UnsupportedGguf"/> or <see cref="ErrorCodes.InvalidGgufSplit"/>.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var files = new List<MappedFile>();
        try
        {
            var headers = new List<GgufHeader> { OpenPart(path, files) };
            var count = headers[0].Metadata.Integer("split.count") ?? 1;
            if (count > 1) OpenOtherParts(path, count, files, headers);
            return new GgufFile([.. files], [.. headers]);
        }
        catch
        {
            foreach (var file in files) file.Dispose();
            throw;
        }
    }

    /// <summary>Looks a tensor up by name.</summary>
    public GgufTensor? Find(string name) => _index.TryGetValue(name, out var entry) ? entry.Tensor : null;

    /// <summary>Copies a part of a tensor's bytes as they are in the file.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="offset">First byte, relative to the tensor's start.</param>
    /// <param name="destination">Filled completely.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The part is not inside the tensor.</exception>
    public void Read(string name, long offset, Span<byte> destination)
    {
        var (tensor, file, start) = _index[name];
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, tensor.ByteCount - destination.Length);
        file.Read(start + offset, destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private static GgufHeader OpenPart(string path, List<MappedFile> files)
    {
        var file = MappedFile.Open(path);
        files.Add(file);
        return GgufHeader.Read(file);
    }

    private static void OpenOtherParts(string path, int count, List<MappedFile> files, List<GgufHeader> headers)
    {
        if (headers[0].Metadata.Integer("split.no") is not 0)
        {
            throw GgufErrors.Split(path, $"this is part {headers[0].Metadata.Integer("split.no") + 1} of {count}", "open the first part: " + GgufSplitName.FirstOf(path));
        }

        for (var part = 1; part < count; part++)
        {
            var name = GgufSplitName.Of(path, part, count);
            if (!File.Exists(name)) throw GgufErrors.Split(path, $"part {part + 1} of {count} is missing", $"put {System.IO.Path.GetFileName(name)} into the same folder");
            var header = OpenPart(name, files);
            headers.Add(header);
            if (header.Metadata.Integer("split.no") != part || header.Metadata.Integer("split.count") != count)
            {
                throw GgufErrors.Split(
                    name, string.Create(CultureInfo.InvariantCulture, $"split.no {header.Metadata.Integer("split.no")} of {header.Metadata.Integer("split.count")} instead of {part} of {count}"),
                    "download all parts of one export again");
            }
        }

        var tensors = headers.Sum(h => h.Tensors.Count);
        if (headers[0].Metadata.Integer("split.tensors.count") is { } announced && announced != tensors)
        {
            throw GgufErrors.Split(path, $"{tensors} tensors in {count} parts, {announced} announced", "download all parts of one export again");
        }
    }
}

using System.Text.Json;
using PeftStudio.Formats.Pickle;
using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;

namespace PeftStudio.Formats.Checkpoints;

/// <summary>Several safetensors or pickle files that together hold one model, listed in <c>model.safetensors.index.json</c> or <c>pytorch_model.bin.index.json</c>.</summary>
internal sealed class ShardedTensors : ITensorSource
{
    private const long MaxIndexBytes = 256 << 20;

    private readonly Dictionary<string, ITensorSource> _shards;
    private readonly Dictionary<string, TensorInfo> _tensors;
    private readonly Dictionary<string, ITensorSource> _fileOf;

    private ShardedTensors(
        Dictionary<string, ITensorSource> shards, Dictionary<string, TensorInfo> tensors, Dictionary<string, ITensorSource> fileOf)
    {
        _shards = shards;
        _tensors = tensors;
        _fileOf = fileOf;
    }

    public IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    internal static ShardedTensors Open(string indexPath)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(indexPath))!;
        var map = ReadWeightMap(indexPath);
        var shards = new Dictionary<string, ITensorSource>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, TensorInfo>(map.Count, StringComparer.Ordinal);
        var fileOf = new Dictionary<string, ITensorSource>(map.Count, StringComparer.Ordinal);
        try
        {
            foreach (var name in map.Values.Distinct(StringComparer.Ordinal))
            {
                RequirePlainName(indexPath, name);
                var path = Path.Combine(folder, name);
                if (!File.Exists(path)) throw Invalid(indexPath, $"the file '{name}', which is not there", "download the missing shard");
                shards[name] = name.EndsWith(".bin", StringComparison.Ordinal) ? PickleCheckpoint.Open(path) : SafetensorsFile.Open(path);
            }

            foreach (var (tensor, shard) in map)
            {
                var file = shards[shard];
                if (!file.Tensors.TryGetValue(tensor, out var info)) throw Invalid(indexPath, $"tensor '{tensor}' in '{shard}', which does not hold it", "download index and shards from the same revision");
                tensors[tensor] = info;
                fileOf[tensor] = file;
            }
        }
        catch
        {
            foreach (var shard in shards.Values) shard.Dispose();
            throw;
        }

        return new ShardedTensors(shards, tensors, fileOf);
    }

    public void Read(string name, long offset, Span<byte> destination) => _fileOf[name].Read(name, offset, destination);

    public void Dispose()
    {
        foreach (var shard in _shards.Values) shard.Dispose();
    }

    private static Dictionary<string, string> ReadWeightMap(string path)
    {
        if (new FileInfo(path).Length > MaxIndexBytes) throw Invalid(path, $"more than {MaxIndexBytes} bytes", "use the index that belongs to the checkpoint");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.GetProperty("weight_map").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw Invalid(path, "no readable 'weight_map' of tensor names to file names", "download the index again", e);
        }
    }

    private static void RequirePlainName(string indexPath, string name)
    {
        if (string.IsNullOrEmpty(name) || name is "." or ".." || name.AsSpan().IndexOfAny("/\\:\0") >= 0)
        {
            throw Invalid(indexPath, $"the file name '{name}'", "shards must be plain file names inside the checkpoint's folder");
        }
    }

    private static PeftStudioException Invalid(string path, string found, string remedy, Exception? cause = null) => new(
        ErrorCodes.InvalidShardIndex, "shard index is not usable", path, $"it names {found}", remedy, cause);
}

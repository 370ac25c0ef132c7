using System.IO.Compression;
using System.Text;
using PeftStudio.TestSupport;
using PeftStudio.Training.Data;

namespace PeftStudio.Training.Tests.Data;

/// <summary>Helpers that write a dataset and read it back.</summary>
internal static class Dataset
{
    internal static string Write(TemporaryFolder folder, string name, string content) => Write(folder, name, Encoding.UTF8.GetBytes(content));

    internal static string Write(TemporaryFolder folder, string name, byte[] content)
    {
        var path = folder.At(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    internal static byte[] Gzip(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal)) gzip.Write(content);
        return memory.ToArray();
    }

    internal static async Task<List<DatasetRow>> ReadAsync(string path, DatasetOptions? options = null)
    {
        var rows = new List<DatasetRow>();
        await foreach (var row in (await DatasetFile.OpenAsync(path, options)).ReadAsync()) rows.Add(row);
        return rows;
    }

    internal static async Task<PeftStudioException> FailureAsync(string path, DatasetOptions? options = null) =>
        (PeftStudioException)(await Assert.CatchAsync<PeftStudioException>(async () => await ReadAsync(path, options)))!;
}

using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using PeftStudio.Formats.Tokenizers;
using PeftStudio.Formats.Tokenizers.Json;
using PeftStudio.Formats.Tokenizers.Pipeline;
using PeftStudio.TestSupport;

namespace PeftStudio.Golden.Tokenizers;

/// <summary>Finds and opens the files that a tokenizer case names.</summary>
internal static class CaseFiles
{
    /// <summary>The lines of a file of JSON values; they end with \n only.</summary>
    internal static IEnumerable<JsonElement> Lines(GoldenCase golden, string name)
    {
        if (!golden.Json.GetProperty("files").TryGetProperty(name, out var file)) yield break;
        var lines = File.ReadAllText(golden.At(file.GetString()!)).Split('\n').Where(line => line.Length > 0).ToList();
        Assert.That(lines, Has.Count.EqualTo(golden.Json.GetProperty("counts").GetProperty(name).GetInt32()), $"lines of {file}");
        foreach (var line in lines) yield return JsonDocument.Parse(line).RootElement;
    }

    /// <summary>The tokenizer's file: beside the case, or below the data root if it is a real one, which is then checked by its hash.</summary>
    internal static string TokenizerFile(GoldenCase golden)
    {
        if (golden.Text("tokenizer_data") is not { } data) return golden.At(golden.Text("tokenizer_file")!);
        var file = TestData.At(data.Split('/'));
        if (!File.Exists(file)) file = golden.At(golden.Text("tokenizer_file")!);
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), Is.EqualTo(golden.Text("tokenizer_sha256")), file);
        return file;
    }

    /// <summary>The tokenizer of a case, loaded as a host would; gzip is unpacked first.</summary>
    internal static Tokenizer Load(GoldenCase golden)
    {
        if (golden.Json.TryGetProperty("tokenizer_files", out _)) return Tokenizer.Load(golden.Folder);
        var file = TokenizerFile(golden);
        return file.EndsWith(".gz", StringComparison.Ordinal) ? new PipelineTokenizer(Parts(golden), new TokenizerConfiguration()) : Tokenizer.Load(file);
    }

    /// <summary>The parts of a case's tokenizer.json.</summary>
    internal static TokenizerJson Parts(GoldenCase golden)
    {
        var file = TokenizerFile(golden);
        if (!file.EndsWith(".gz", StringComparison.Ordinal)) return TokenizerJson.Read(File.ReadAllBytes(file));
        using var unpacked = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        unpacked.CopyTo(memory);
        return TokenizerJson.Read(memory.ToArray());
    }
}

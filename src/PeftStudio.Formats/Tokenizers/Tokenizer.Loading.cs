using PeftStudio.Formats.Tokenizers.Json;
using PeftStudio.Formats.Tokenizers.Pipeline;

namespace PeftStudio.Formats.Tokenizers;

public abstract partial class Tokenizer
{
    /// <summary>Loads the tokenizer of a checkpoint.</summary>
    /// <param name="folderOrFile">A checkpoint's folder, or its <c>tokenizer.json</c>.</param>
    /// <exception cref="PeftStudioException">PS1001: nothing there. PS1101: a file is malformed or uses an unknown component.</exception>
    public static Tokenizer Load(string folderOrFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(folderOrFile);
        var file = Directory.Exists(folderOrFile) ? Path.Combine(folderOrFile, "tokenizer.json") : folderOrFile;
        if (!File.Exists(file))
        {
            throw new PeftStudioException(
                ErrorCodes.FileNotFound, "There is no tokenizer", $"a tokenizer at '{folderOrFile}'", $"no file '{file}'",
                "Give the checkpoint's folder, or its tokenizer.json.");
        }

        var configuration = TokenizerConfigurationReader.Read(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return new PipelineTokenizer(TokenizerJson.Read(File.ReadAllBytes(file)), configuration);
    }
}

namespace PeftStudio.Formats.Tokenizers;

public abstract partial class Tokenizer
{
    /// <summary>Loads the tokenizer of a checkpoint.</summary>
    /// <param name="folderOrFile">
    /// A checkpoint's folder, of which <c>tokenizer.json</c> wins, then <c>tokenizer.model</c>, then <c>vocab.json</c> with <c>merges.txt</c>, then
    /// <c>vocab.txt</c>; or one of these files.
    /// </param>
    /// <exception cref="PeftStudioException">PS1001: nothing there. PS1101: a file is malformed or uses an unknown component.</exception>
    public static Tokenizer Load(string folderOrFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(folderOrFile);
        if (File.Exists(folderOrFile)) return FolderLoader.Load(folderOrFile);
        var file = Directory.Exists(folderOrFile) ? FolderLoader.FindFile(folderOrFile) : null;
        return file is not null ? FolderLoader.Load(file) : throw new PeftStudioException(
            ErrorCodes.FileNotFound,
            "There is no tokenizer",
            $"a tokenizer at '{folderOrFile}'",
            Directory.Exists(folderOrFile) ? "a folder without tokenizer.json, tokenizer.model, vocab.json with merges.txt, or vocab.txt" : "no such file or folder",
            "Give the checkpoint's folder, or its tokenizer.json.");
    }
}

namespace PeftStudio.Formats.Gguf;

/// <summary>The errors that several readers of GGUF files share.</summary>
internal static class GgufErrors
{
    internal static PeftStudioException Invalid(string path, string found, string rule, Exception? cause = null) => new(
        ErrorCodes.InvalidGguf, "not a valid GGUF file", path, $"{found}; {rule}",
        "download or export the file again, and compare its size and hash with the source's", cause);

    internal static PeftStudioException Unsupported(string path, string found, string remedy) => new(
        ErrorCodes.UnsupportedGguf, "GGUF file is of a kind that is not read", path, found, remedy);

    internal static PeftStudioException Split(string path, string found, string remedy) => new(
        ErrorCodes.InvalidGgufSplit, "parts of a split GGUF file do not belong together", path, found, remedy);
}

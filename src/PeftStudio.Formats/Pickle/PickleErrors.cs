namespace PeftStudio.Formats.Pickle;

/// <summary>The errors of pickled checkpoints.</summary>
internal static class PickleErrors
{
    private const string Convert = "convert it once with the model's own library: model.save_pretrained(folder, safe_serialization=True)";

    internal static PeftStudioException Invalid(string path, string found, Exception? cause = null) => new(
        ErrorCodes.InvalidPickle, "not a valid PyTorch checkpoint", path, found,
        "download or save the file again, and compare its size and hash with the source's", cause);

    internal static PeftStudioException Forbidden(string path, string what) => new(
        ErrorCodes.ForbiddenPickle, "pickle asks for something that weights never need", path, what + "; nothing was executed, nothing was loaded",
        "load the file only if you trust it, with the library that wrote it, and save its tensors as safetensors");

    internal static PeftStudioException Unsupported(string path, string found) => new(
        ErrorCodes.UnsupportedCheckpointForm, "checkpoint form is not supported", path, found, Convert);
}

namespace PeftStudio.Formats.Tokenizers;

/// <summary>The errors of this folder, worded in one place.</summary>
internal static class TokenizerErrors
{
    /// <summary>A tokenizer file breaks a rule of its format.</summary>
    internal static PeftStudioException Invalid(string asked, string found, Exception? cause = null) => new(
        ErrorCodes.InvalidTokenizer,
        "A tokenizer file is malformed or uses something unknown",
        asked,
        found,
        "Take the file anew from the checkpoint's source; if it is complete there, this kind of tokenizer is not supported.",
        cause);

    /// <summary>An id that no token has.</summary>
    internal static PeftStudioException OutOfRange(int id, int size) => new(
        ErrorCodes.TokenOutOfRange,
        "A token id lies outside the vocabulary",
        $"the text of id {id}",
        $"ids 0 to {size - 1}",
        "Decode with the tokenizer of the model that made the ids, and leave out padding such as -100.");
}

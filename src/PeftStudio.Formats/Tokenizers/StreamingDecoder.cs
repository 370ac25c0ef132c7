namespace PeftStudio.Formats.Tokenizers;

/// <summary>
/// Turns ids into text one by one, as a model makes them: each piece of text is given once and stays, and half a character waits for its other half.
/// Not thread-safe; one for each stream.
/// </summary>
public abstract class StreamingDecoder
{
    /// <summary>Takes the next id.</summary>
    /// <param name="id">An id inside the vocabulary.</param>
    /// <returns>The text that is new, often empty.</returns>
    /// <exception cref="PeftStudioException">PS1102: the id lies outside the vocabulary.</exception>
    public abstract string Push(int id);

    /// <summary>Gives what still waited, with U+FFFD for bytes that never became a character, and starts again.</summary>
    public abstract string Flush();
}

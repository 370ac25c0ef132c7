namespace PeftStudio.Formats.Tokenizers.PreTokenizers.Splitters;

/// <summary>
/// A known pre-tokenizer pattern written by hand. Such a pattern matches at every position, so a text is simply the sequence of its matches.
/// </summary>
internal abstract class WordSplitter
{
    /// <summary>The end of the match that begins at <paramref name="start"/>.</summary>
    /// <param name="text">Text without lone surrogates.</param>
    /// <param name="start">Index before the end of the text.</param>
    internal abstract int Next(ReadOnlySpan<char> text, int start);
}

namespace PeftStudio.Formats.Tokenizers.PostProcessors;

/// <summary>Puts special tokens around a text or a pair; some also trim offsets.</summary>
internal abstract class PostProcessor
{
    /// <summary>How many tokens it adds: truncation leaves room for them.</summary>
    internal abstract int AddedTokens(bool pair);

    /// <summary>Processes one or two parts; the result, joined, is the encoding.</summary>
    /// <param name="parts">The text, or the pair.</param>
    /// <param name="addSpecialTokens">False to leave special tokens out and do the rest.</param>
    internal abstract List<EncodingPart> Process(List<EncodingPart> parts, bool addSpecialTokens);
}

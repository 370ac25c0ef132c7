using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Patterns;

/// <summary>Finds parts of a text: the literal or regular expression of a tokenizer.json component. Thread-safe.</summary>
internal abstract class TextPattern
{
    /// <summary>Appends every match, from left to right, none overlapping another.</summary>
    internal abstract void FindMatches(ReadOnlySpan<char> text, List<Piece> matches);
}

using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>Turns pieces into ids. Immutable after construction but for caches; thread-safe.</summary>
internal abstract class TokenModel
{
    /// <summary>The tokens of the model itself, without added ones.</summary>
    internal abstract Vocabulary Vocabulary { get; }

    /// <summary>Appends the tokens of one piece.</summary>
    /// <param name="piece">Text without lone surrogates, not empty.</param>
    /// <param name="sink">Receives ids with ranges within the piece.</param>
    internal abstract void Tokenize(ReadOnlySpan<char> piece, TokenSink sink);
}

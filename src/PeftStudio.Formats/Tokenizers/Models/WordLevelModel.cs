using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Models;

/// <summary>A dictionary: each piece is a token of its own, or the unknown one.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, string unknownToken) : TokenModel
{
    internal override Vocabulary Vocabulary => vocabulary;

    internal override void Tokenize(ReadOnlySpan<char> piece, TokenSink sink)
    {
        if (!vocabulary.Lookup.TryGetValue(piece, out var id))
        {
            id = vocabulary.IdOf(unknownToken) ?? throw TokenizerErrors.Invalid("text with unknown words", $"the unknown token '{unknownToken}' is not in the vocabulary");
        }

        sink.Add(id, 0, piece.Length);
    }
}

using PeftStudio.Formats.Tokenizers.Models;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.SentencePiece;

/// <summary>SentencePiece's WORD model: a word with the ▁ before it is one piece.</summary>
internal sealed class WordModel(SentencePieceVocabulary pieces) : TokenModel
{
    internal override Vocabulary Vocabulary => pieces.Ids;

    internal override void Tokenize(ReadOnlySpan<char> piece, TokenSink sink)
    {
        var lastUnknown = -1;
        for (var start = 0; start < piece.Length;)
        {
            var next = piece[(start + 1)..].IndexOf('\u2581');
            var end = next < 0 ? piece.Length : start + 1 + next;
            pieces.Emit(piece, start, end, pieces.IdOf(piece[start..end]), sink, ref lastUnknown);
            start = end;
        }
    }
}

/// <summary>SentencePiece's CHAR model: a character, or a user-defined piece, is one piece.</summary>
internal sealed class CharModel(SentencePieceVocabulary pieces) : TokenModel
{
    internal override Vocabulary Vocabulary => pieces.Ids;

    internal override void Tokenize(ReadOnlySpan<char> piece, TokenSink sink)
    {
        var lastUnknown = -1;
        for (var start = 0; start < piece.Length;)
        {
            if (pieces.UserDefined.Longest(piece[start..], out var length) == TextTrie.None)
            {
                length = char.IsHighSurrogate(piece[start]) && start + 1 < piece.Length ? 2 : 1;
            }

            pieces.Emit(piece, start, start + length, pieces.IdOf(piece.Slice(start, length)), sink, ref lastUnknown);
            start += length;
        }
    }
}

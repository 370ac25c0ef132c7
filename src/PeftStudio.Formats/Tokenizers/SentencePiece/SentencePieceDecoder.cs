using System.Text;
using PeftStudio.Formats.Tokenizers.Decoders;

namespace PeftStudio.Formats.Tokenizers.SentencePiece;

/// <summary>
/// Pieces back to text: ▁ is a space, of which the first one was put there; control pieces are nothing, unknown ones a mark, byte pieces UTF-8 with U+FFFD
/// for each byte that is not valid.
/// </summary>
internal sealed class SentencePieceDecoder(SentencePieceVocabulary pieces) : TokenDecoder
{
    private readonly bool _dropsFirstSpace = pieces.File.AddDummyPrefix || pieces.File.RemoveExtraWhitespaces;
    private readonly bool _dropsAllSpaces = pieces.File.RemoveExtraWhitespaces;

    internal override List<string> Decode(List<string> tokens)
    {
        var state = new Progress(this);
        var text = new StringBuilder();
        foreach (var token in tokens) text.Append(state.Push(token));
        return [text.Append(state.Flush()).ToString()];
    }

    /// <summary>Decoding one token after the other.</summary>
    internal sealed class Progress(SentencePieceDecoder decoder)
    {
        private readonly List<byte> _bytes = [];
        private readonly SentencePieceVocabulary _pieces = decoder.Pieces;
        private bool _atStart = true;

        internal string Push(string token)
        {
            var id = _pieces.Ids.IdOf(token);
            var type = id is { } known ? _pieces.TypeOf(known) : PieceType.Normal;
            if (type == PieceType.Byte && ByteFallbackDecoder.TryParse(token, out var value))
            {
                _bytes.Add(value);
                return Began(TakeCharacters(all: false));
            }

            var before = Began(TakeCharacters(all: true));
            var text = type switch
            {
                PieceType.Control => "",
                PieceType.Unknown => _pieces.File.UnknownSurface,
                _ => Spaced(token),
            };
            return before + Began(text);
        }

        internal string Flush()
        {
            var rest = TakeCharacters(all: true);
            _atStart = true;
            return rest;
        }

        private string Began(string text)
        {
            if (text.Length > 0) _atStart = false;
            return text;
        }

        private string Spaced(string token)
        {
            if (_atStart && decoder._dropsFirstSpace && token.StartsWith('\u2581'))
            {
                token = token[1..];
                if (!decoder._dropsAllSpaces) _atStart = false;
            }

            return token.Replace('\u2581', ' ');
        }

        /// <summary>Takes the characters that waiting bytes form; a beginning that may still become one waits on, unless all are wanted.</summary>
        private string TakeCharacters(bool all)
        {
            if (_bytes.Count == 0) return "";
            var text = new StringBuilder();
            ReadOnlySpan<byte> rest = _bytes.ToArray();
            while (!rest.IsEmpty)
            {
                var status = Rune.DecodeFromUtf8(rest, out var rune, out var width);
                if (status == System.Buffers.OperationStatus.NeedMoreData && !all) break;
                text.Append(rune.ToString());
                rest = rest[(status == System.Buffers.OperationStatus.Done ? width : 1)..];
            }

            _bytes.RemoveRange(0, _bytes.Count - rest.Length);
            return text.ToString();
        }
    }

    private SentencePieceVocabulary Pieces => pieces;
}

using System.Buffers;
using System.Text;
using PeftStudio.Formats.Tokenizers.Decoders;

namespace PeftStudio.Formats.Tokenizers.Pipeline;

/// <summary>Streams tokens as bytes through an incremental UTF-8 decoder: the cost of an id does not depend on what came before.</summary>
internal sealed class ByteStreamingDecoder(PipelineTokenizer tokenizer, TokenBytes bytes, bool skipSpecialTokens) : StreamingDecoder
{
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private bool _begun;
    private int _spacesToDrop = bytes.LeadingSpaces;

    /// <inheritdoc/>
    public override string Push(int id)
    {
        var token = tokenizer.TokenOf(id) ?? throw TokenizerErrors.OutOfRange(id, tokenizer.VocabularySize);
        if (skipSpecialTokens && tokenizer.IsSpecial(id)) return "";
        _buffer.ResetWrittenCount();
        bytes.Append(token, tokenizer.IsAdded(id), isFirst: !_begun, _buffer);
        _begun = true;
        return Decode(_buffer.WrittenSpan, flush: false);
    }

    /// <inheritdoc/>
    public override string Flush()
    {
        var rest = Decode([], flush: true);
        _begun = false;
        _spacesToDrop = bytes.LeadingSpaces;
        return rest;
    }

    private string Decode(ReadOnlySpan<byte> input, bool flush)
    {
        var chars = new char[_utf8.GetCharCount(input, flush)];
        var count = _utf8.GetChars(input, chars, flush);
        var text = chars.AsSpan(0, count);
        while (_spacesToDrop > 0 && text.Length > 0)
        {
            if (text[0] != ' ')
            {
                _spacesToDrop = 0;
                break;
            }

            text = text[1..];
            _spacesToDrop--;
        }

        return text.ToString();
    }
}

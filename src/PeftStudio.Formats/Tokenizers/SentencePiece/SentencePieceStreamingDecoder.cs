namespace PeftStudio.Formats.Tokenizers.SentencePiece;

/// <summary>Streams the pieces of a SentencePiece model.</summary>
internal sealed class SentencePieceStreamingDecoder(Tokenizer tokenizer, SentencePieceDecoder decoder, bool skipSpecialTokens) : StreamingDecoder
{
    private readonly SentencePieceDecoder.Progress _progress = new(decoder);

    /// <inheritdoc/>
    public override string Push(int id)
    {
        var token = tokenizer.TokenOf(id) ?? throw TokenizerErrors.OutOfRange(id, tokenizer.VocabularySize);
        return skipSpecialTokens && tokenizer.IsSpecial(id) ? "" : _progress.Push(token);
    }

    /// <inheritdoc/>
    public override string Flush() => _progress.Flush();
}

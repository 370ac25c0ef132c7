using PeftStudio.Formats.Tokenizers;

namespace PeftStudio.Inference.Generation.Text;

/// <summary>One answer as text: tokens decoded to whole characters, cut at stop strings.</summary>
internal sealed class TextRun : IDisposable
{
    private readonly DecodeSession _session;
    private readonly GenerationRun _tokens;
    private readonly IncrementalText _text;
    private readonly StopStringMatcher _stops;

    internal TextRun(DecodeModel model, Tokenizer tokenizer, int[] prompt, GenerationOptions options, string? adapter)
    {
        _session = model.CreateSession(adapter);
        try
        {
            // Rows of the embedding beyond the tokenizer's ids are padding of the table.
            _tokens = new GenerationRun(_session, prompt, options, Math.Min(model.Blueprint.VocabularySize, tokenizer.VocabularySize));
        }
        catch
        {
            _session.Dispose();
            throw;
        }

        _text = new IncrementalText(tokenizer, prompt);
        _stops = new StopStringMatcher(options.StopStrings);
    }

    internal GeneratedText Current { get; private set; }

    /// <summary>Computes tokens until there is text to show or the answer ends; false after its end.</summary>
    internal bool MoveNext(CancellationToken cancellationToken)
    {
        if (Current.Finish is not null) return false;
        while (_tokens.MoveNext(cancellationToken))
        {
            var token = _tokens.Current;
            var shown = token.Finish switch
            {
                null => _stops.Add(_text.Add(token.Id)),
                FinishReason.EndOfText => Rest(string.Empty), // the token that ends a text is no part of it
                _ => Rest(_text.Add(token.Id)),
            };
            var finish = token.Finish == FinishReason.EndOfText || !_stops.Stopped ? token.Finish : FinishReason.StopString;
            if (shown.Length == 0 && finish is null) continue;
            Current = new(shown, token.Index + 1, finish);
            return true;
        }

        return false;
    }

    public void Dispose() => _session.Dispose();

    // At the end nothing is kept back.
    private string Rest(string text)
    {
        var shown = _stops.Add(text + _text.Finish());
        return _stops.Stopped ? shown : shown + _stops.Finish();
    }
}

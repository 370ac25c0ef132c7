using PeftStudio.Formats.Tokenizers;

namespace PeftStudio.Training.Data.Internal;

/// <summary>Cuts a plain text file into rows: one stream of tokens, the token that begins a text once at its start, and every row of the full length.</summary>
internal static class TextStream
{
    /// <summary>The rows, and how many tokens at the end fill none. A stream shorter than one row is the only row.</summary>
    internal static (List<TrainingRow> Rows, int Tail) Cut(string text, Tokenizer tokenizer, TokenizationOptions options)
    {
        int[] stream = tokenizer.EncodeToIds(text, addSpecialTokens: false);
        if (options.BosToken is { } bos && tokenizer.IdOf(bos) is { } id) stream = [id, .. stream];
        var length = options.EffectiveMaxLength;
        if (stream.Length < 2) return ([], stream.Length);
        if (stream.Length < length) return ([new TrainingRow { InputIds = stream }], 0);
        var rows = new List<TrainingRow>(stream.Length / length);
        for (var start = 0; start + length <= stream.Length; start += length) rows.Add(new TrainingRow { InputIds = stream[start..(start + length)] });
        return (rows, stream.Length % length);
    }
}

namespace PeftStudio.Formats.Tokenizers.Decoders;

/// <summary>WordPiece: a token with the prefix is glued to the one before, any other gets a space in front.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanup) : TokenDecoder
{
    internal override List<string> Decode(List<string> tokens)
    {
        var result = new List<string>(tokens.Count);
        foreach (var token in tokens)
        {
            var text = result.Count == 0 ? token
                : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..]
                : " " + token;
            result.Add(cleanup ? TextCleanup.Apply(text) : text);
        }

        return result;
    }
}

/// <summary>BPE with a suffix that ends words: it becomes a space, except on the last token.</summary>
internal sealed class BpeDecoder(string suffix) : TokenDecoder
{
    internal override List<string> Decode(List<string> tokens)
    {
        if (suffix.Length == 0) return tokens;
        var last = tokens.Count - 1;
        return [.. tokens.Select((token, i) => token.Replace(suffix, i == last ? "" : " ", StringComparison.Ordinal))];
    }
}

/// <summary>CTC: repeated tokens count once, padding drops out, the delimiter is a space.</summary>
internal sealed class CtcDecoder(string padToken, string delimiter, bool cleanup) : TokenDecoder
{
    internal override List<string> Decode(List<string> tokens)
    {
        var result = new List<string>(tokens.Count);
        string? last = null;
        foreach (var token in tokens)
        {
            if (token == last) continue;
            last = token;
            var text = padToken.Length == 0 ? token : token.Replace(padToken, "", StringComparison.Ordinal);
            if (cleanup)
            {
                text = TextCleanup.Apply(text);
                if (delimiter.Length > 0) text = text.Replace(delimiter, " ", StringComparison.Ordinal);
            }

            if (text.Length > 0) result.Add(text);
        }

        return result;
    }
}

/// <summary>Metaspace: ▁ becomes a space; in the first token it drops out instead, unless none was put in front.</summary>
internal sealed class MetaspaceDecoder(string replacement, bool dropInFirst) : TokenDecoder
{
    internal string Replacement => replacement;

    internal bool DropInFirst => dropInFirst;

    internal override List<string> Decode(List<string> tokens) =>
        [.. tokens.Select((token, i) => token.Replace(replacement, i == 0 && dropInFirst ? "" : " ", StringComparison.Ordinal))];
}

/// <summary>English without the spaces that word tokens leave before punctuation and contractions.</summary>
internal static class TextCleanup
{
    private static readonly (string From, string To)[] Rules =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
        (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    internal static string Apply(string text) =>
        text.Contains(' ', StringComparison.Ordinal) ? Rules.Aggregate(text, (current, rule) => current.Replace(rule.From, rule.To, StringComparison.Ordinal)) : text;
}

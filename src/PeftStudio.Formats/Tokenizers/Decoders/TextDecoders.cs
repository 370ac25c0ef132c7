using PeftStudio.Formats.Tokenizers.Normalizers;
using PeftStudio.Formats.Tokenizers.Patterns;

namespace PeftStudio.Formats.Tokenizers.Decoders;

/// <summary>Replaces every match of a pattern in each token.</summary>
internal sealed class ReplaceDecoder(TextPattern pattern, string content) : TokenDecoder
{
    private readonly ReplaceNormalizer _replace = new(pattern, content);

    internal TextPattern Pattern => pattern;

    internal string Content => content;

    internal override List<string> Decode(List<string> tokens) => tokens.ConvertAll(_replace.Apply);
}

/// <summary>Takes up to so many copies of one character off both ends of each token.</summary>
internal sealed class StripDecoder(string content, int start, int stop) : TokenDecoder
{
    /// <summary>How many spaces it takes off the beginning, if that is all it does; −1 otherwise.</summary>
    internal int LeadingSpaces => content == " " && stop == 0 ? start : -1;

    internal override List<string> Decode(List<string> tokens) => tokens.ConvertAll(Strip);

    private string Strip(string token)
    {
        var from = 0;
        var end = token.Length;
        for (var i = 0; i < start && Matches(token, from, end); i++) from += content.Length;
        for (var i = 0; i < stop && Matches(token, end - content.Length, end) && end - content.Length >= from; i++) end -= content.Length;
        return token[from..end];
    }

    private bool Matches(string token, int at, int end) =>
        at >= 0 && at + content.Length <= end && token.AsSpan(at, content.Length).SequenceEqual(content);
}

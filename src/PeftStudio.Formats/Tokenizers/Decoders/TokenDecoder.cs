namespace PeftStudio.Formats.Tokenizers.Decoders;

/// <summary>A step from token strings to text. Steps form a chain; what the last one leaves is joined.</summary>
internal abstract class TokenDecoder
{
    internal abstract List<string> Decode(List<string> tokens);
}

/// <summary>Applies several decoders, one after the other.</summary>
internal sealed class SequenceDecoder(IReadOnlyList<TokenDecoder> parts) : TokenDecoder
{
    internal IReadOnlyList<TokenDecoder> Parts => parts;

    internal override List<string> Decode(List<string> tokens) => parts.Aggregate(tokens, (current, part) => part.Decode(current));
}

/// <summary>Joins all tokens into one.</summary>
internal sealed class FuseDecoder : TokenDecoder
{
    internal override List<string> Decode(List<string> tokens) => [string.Concat(tokens)];
}

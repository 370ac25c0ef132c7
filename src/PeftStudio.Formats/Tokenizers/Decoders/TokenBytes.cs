using System.Buffers;
using System.Text;
using PeftStudio.Formats.Tokenizers.Patterns;

namespace PeftStudio.Formats.Tokenizers.Decoders;

/// <summary>How to stream a decoder that works token by token: each token has bytes, and the beginning of the text loses something.</summary>
/// <param name="IsByteLevel">Tokens are written in GPT-2's byte characters.</param>
/// <param name="HasByteTokens">Tokens of the form <c>&lt;0xXX&gt;</c> are bytes.</param>
/// <param name="Space">What stands for a space in tokens, or null.</param>
/// <param name="DropSpaceInFirst">In the first token that drops out instead.</param>
/// <param name="LeadingSpaces">So many spaces at the beginning of the text are taken off.</param>
internal sealed record TokenBytes(bool IsByteLevel, bool HasByteTokens, string? Space, bool DropSpaceInFirst, int LeadingSpaces)
{
    /// <summary>The way of a known decoder, or null for any other.</summary>
    internal static TokenBytes? For(TokenDecoder? decoder)
    {
        if (decoder is ByteLevelDecoder) return new TokenBytes(true, false, null, false, 0);
        var result = new TokenBytes(false, false, null, false, 0);
        foreach (var part in decoder is SequenceDecoder sequence ? sequence.Parts : decoder is null ? [] : [decoder])
        {
            switch (part)
            {
                case ReplaceDecoder { Pattern: LiteralPattern literal, Content: " " } when result is { Space: null, LeadingSpaces: 0 }:
                    result = result with { Space = literal.Literal };
                    break;
                case MetaspaceDecoder metaspace when result is { Space: null, LeadingSpaces: 0 }:
                    result = result with { Space = metaspace.Replacement, DropSpaceInFirst = metaspace.DropInFirst };
                    break;
                case ByteFallbackDecoder when result.LeadingSpaces == 0:
                    result = result with { HasByteTokens = true };
                    break;
                case FuseDecoder:
                    break;
                case StripDecoder { LeadingSpaces: > 0 } strip when result.LeadingSpaces == 0:
                    result = result with { LeadingSpaces = strip.LeadingSpaces };
                    break;
                default:
                    return null;
            }
        }

        // Strip works on each token unless they were fused before.
        var stripsWhole = result.LeadingSpaces == 0 || decoder is SequenceDecoder { Parts: [.., FuseDecoder, StripDecoder] };
        return result.Space is not null && stripsWhole ? result : null;
    }

    /// <summary>Appends the bytes of a token.</summary>
    internal void Append(string token, bool isAdded, bool isFirst, ArrayBufferWriter<byte> target)
    {
        if (IsByteLevel)
        {
            if (isAdded) Encoding.UTF8.GetBytes(token, target);
            else ByteLevelDecoder.Append(token, target);
            return;
        }

        if (HasByteTokens && ByteFallbackDecoder.TryParse(token, out var value))
        {
            target.Write([value]);
            return;
        }

        var text = token.Replace(Space!, isFirst && DropSpaceInFirst ? "" : " ", StringComparison.Ordinal);
        Encoding.UTF8.GetBytes(text, target);
    }
}

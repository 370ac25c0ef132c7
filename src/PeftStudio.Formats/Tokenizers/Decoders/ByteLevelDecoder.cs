using System.Buffers;
using System.Text;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Decoders;

/// <summary>Printable characters back to bytes, then UTF-8 to text with U+FFFD for what is not valid.</summary>
internal sealed class ByteLevelDecoder : TokenDecoder
{
    internal override List<string> Decode(List<string> tokens)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var token in tokens) Append(token, bytes);
        return [Encoding.UTF8.GetString(bytes.WrittenSpan)];
    }

    /// <summary>
    /// Decodes tokens of which some were added. The reference implementation sends the content of those through the byte map too, which garbles any that are
    /// not ASCII; here they stay as they are.
    /// </summary>
    internal static string Decode(List<string> tokens, List<bool> added)
    {
        var bytes = new ArrayBufferWriter<byte>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (added[i]) Encoding.UTF8.GetBytes(tokens[i], bytes);
            else Append(tokens[i], bytes);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Appends the bytes of a token. One with any other character stands for itself.</summary>
    internal static void Append(string token, ArrayBufferWriter<byte> target)
    {
        var bytes = target.GetSpan(Math.Max(1, token.Length));
        for (var i = 0; i < token.Length; i++)
        {
            var value = ByteMap.ByteOf(token[i]);
            if (value < 0)
            {
                Encoding.UTF8.GetBytes(token, target);
                return;
            }

            bytes[i] = (byte)value;
        }

        target.Advance(token.Length);
    }
}

using System.Text;
using PeftStudio.Formats.Tokenizers;
using PeftStudio.Formats.Tokenizers.PostProcessors;

namespace PeftStudio.Inference.Tests.Support;

/// <summary>A tokenizer whose tokens are given byte strings; text is encoded one byte a token. The last id is special and has no text.</summary>
internal sealed class ByteTokenizer(params byte[][] more) : Tokenizer
{
    /// <summary>Id of the first given byte string.</summary>
    internal const int FirstMore = 256;

    internal int Special => FirstMore + more.Length;

    public override int VocabularySize => Special + 1;

    public override int? IdOf(string token) => token == "<end>" ? Special : null;

    public override string? TokenOf(int id) => id == Special ? "<end>" : null;

    public override bool IsSpecial(int id) => id == Special;

    public override int[] EncodeToIds(string text, bool addSpecialTokens = true, bool specialTokensAsText = false) => [.. Encoding.UTF8.GetBytes(text)];

    private protected override EncodingPart EncodePart(TokenizerInput input, EncodeOptions options) => throw new NotSupportedException("generation needs ids only");

    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            if (id < FirstMore) bytes.Add((byte)id);
            else if (id != Special) bytes.AddRange(more[id - FirstMore]);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}

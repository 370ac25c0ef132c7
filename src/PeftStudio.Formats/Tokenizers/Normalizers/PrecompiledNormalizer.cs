using System.Globalization;
using System.Text;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's rules as the Rust library applies them: a grapheme cluster of fewer than six bytes is looked up as a whole, where any rule for a
/// beginning of it replaces all of it; otherwise each of its characters is.
/// </summary>
internal sealed class PrecompiledNormalizer(Charsmap map) : Normalizer
{
    private const int LargestCluster = 6;

    protected override bool Rewrite(AlignedText source, AlignedText target)
    {
        var text = source.Chars;
        var output = new List<(int CodePoint, int Change)>();
        var modified = false;
        Span<char> one = stackalloc char[2];
        for (var i = 0; i < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text[i..]);
            var cluster = text.Slice(i, length);
            i += length;
            if (Encoding.UTF8.GetByteCount(cluster) < LargestCluster && TryReplace(cluster, output))
            {
                modified = true;
                continue;
            }

            foreach (var rune in cluster.EnumerateRunes())
            {
                if (TryReplace(one[..rune.EncodeToUtf16(one)], output)) modified = true;
                else output.Add((rune.Value, 0));
            }
        }

        if (!modified) return false;
        var transform = new TextTransform(source, target);
        foreach (var (codePoint, change) in output) transform.Put(codePoint, change);
        return true;
    }

    /// <summary>Appends the replacement of a part; growth marks its last characters as inserted, shrinking is charged to the last one before.</summary>
    private bool TryReplace(ReadOnlySpan<char> part, List<(int CodePoint, int Change)> output)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!map.TryFind(bytes[..Encoding.UTF8.GetBytes(part, bytes)], longest: false, out _, out var replacement)) return false;
        var before = 0;
        foreach (var _ in part.EnumerateRunes()) before++;
        var characters = Encoding.UTF8.GetString(replacement).EnumerateRunes().ToList();
        var growth = characters.Count - before;
        for (var c = 0; c < characters.Count; c++) output.Add((characters[c].Value, c >= characters.Count - growth ? 1 : 0));
        if (growth < 0 && output.Count > 0) output[^1] = (output[^1].CodePoint, output[^1].Change + growth);
        return true;
    }
}

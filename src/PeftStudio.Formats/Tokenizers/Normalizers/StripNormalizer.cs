using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Normalizers;

/// <summary>Takes white space off one end or both.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    protected override bool Rewrite(AlignedText source, AlignedText target)
    {
        var text = source.Chars;
        var start = 0;
        var end = text.Length;
        while (left && start < end && char.IsWhiteSpace(text[start])) start++;
        while (right && end > start && char.IsWhiteSpace(text[end - 1])) end--;
        target.AppendFrom(source, start, end);
        return end - start < text.Length;
    }
}

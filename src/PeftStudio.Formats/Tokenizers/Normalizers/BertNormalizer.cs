using System.Text;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Normalizers;

/// <summary>Puts a space on both sides of each CJK ideograph, so that they become words of their own.</summary>
internal sealed class IdeographSpacingNormalizer : Normalizer
{
    protected override bool Rewrite(AlignedText source, AlignedText target)
    {
        var text = source.Chars;
        var done = 0;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            if (IsIdeograph(rune.Value))
            {
                target.AppendFrom(source, done, i);
                target.AppendNew(" ", source, i - 1);
                target.AppendFrom(source, i, i + width);
                target.AppendNew(" ", source, i);
                done = i + width;
            }

            i += width;
        }

        if (done == 0) return false;
        target.AppendFrom(source, done, text.Length);
        return true;
    }

    private static bool IsIdeograph(int codePoint) => codePoint is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}

/// <summary>BERT's normalizer as the sequence of its steps.</summary>
internal static class BertNormalizer
{
    internal static SequenceNormalizer Create(bool cleanText, bool spaceIdeographs, bool stripAccents, bool lowercase)
    {
        var steps = new List<Normalizer>();
        if (cleanText) steps.Add(new BertCleanNormalizer());
        if (spaceIdeographs) steps.Add(new IdeographSpacingNormalizer());
        if (stripAccents) steps.AddRange([new UnicodeFormNormalizer(compatibility: false, compose: false), new BertAccentsNormalizer()]);
        if (lowercase) steps.Add(new LowercaseNormalizer());
        return new SequenceNormalizer(steps);
    }
}

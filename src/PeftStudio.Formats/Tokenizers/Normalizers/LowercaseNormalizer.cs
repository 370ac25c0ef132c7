using System.Text;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Normalizers;

/// <summary>Lowercase, character by character. İ becomes i and a dot above, the only one that grows; there is no rule for a final sigma.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    protected override bool Rewrite(AlignedText source, AlignedText target)
    {
        var text = source.Chars;
        var changed = false;
        var done = 0;
        Span<char> units = stackalloc char[2];
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            var lower = rune.Value == 0x130 ? new Rune('i') : Rune.ToLowerInvariant(rune);
            if (lower != rune)
            {
                changed = true;
                target.AppendFrom(source, done, i);
                target.AppendNew(units[..lower.EncodeToUtf16(units)], source, i);
                if (rune.Value == 0x130) target.AppendNew("\u0307", source, i);
                done = i + width;
            }

            i += width;
        }

        if (changed) target.AppendFrom(source, done, text.Length);
        return changed;
    }
}

using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Normalizers;

/// <summary>Writes every UTF-8 byte as GPT-2's printable character.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    protected override bool Rewrite(AlignedText source, AlignedText target)
    {
        ByteMap.Append(source, 0, source.Length, target);
        return true;
    }
}

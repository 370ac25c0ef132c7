using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Normalizers;

/// <summary>Puts a text in front of every text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    protected override bool Rewrite(AlignedText source, AlignedText target)
    {
        target.AppendNew(prefix, source, like: 0);
        target.AppendFrom(source, 0, source.Length);
        return prefix.Length > 0;
    }
}

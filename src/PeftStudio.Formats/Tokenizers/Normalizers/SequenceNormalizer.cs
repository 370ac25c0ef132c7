using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Normalizers;

/// <summary>Applies several normalizers, one after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<Normalizer> parts) : Normalizer
{
    internal override void Apply(PieceBuffer buffer)
    {
        foreach (var part in parts) part.Apply(buffer);
    }

    protected override bool Rewrite(AlignedText source, AlignedText target) => false;
}

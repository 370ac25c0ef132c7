using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.Normalizers;

/// <summary>Rewrites text before it is cut into pieces, keeping track of where each character came from.</summary>
internal abstract class Normalizer
{
    /// <summary>Writes the normalised form of <paramref name="source"/> to the empty <paramref name="target"/>.</summary>
    /// <returns>False if the text stays as it is; then <paramref name="target"/> holds nothing of use.</returns>
    protected abstract bool Rewrite(AlignedText source, AlignedText target);

    /// <summary>Normalises the text of a buffer; the result is one piece again.</summary>
    internal virtual void Apply(PieceBuffer buffer)
    {
        if (buffer.Text.Length == 0) return;
        if (Rewrite(buffer.Text, buffer.NextText())) buffer.AcceptText();
        buffer.TakeWhole();
    }

    /// <summary>Normalises a text whose origin does not matter.</summary>
    internal string Apply(string text)
    {
        var buffer = new PieceBuffer();
        buffer.Load(text, 0, track: false);
        Apply(buffer);
        return buffer.Text.Chars.ToString();
    }
}

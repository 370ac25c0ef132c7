using System.Text;
using PeftStudio.Formats.Tokenizers.Text;
using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.Normalizers;

/// <summary>A normalizer that looks at one character at a time: keeps it, drops it, or puts others in its place.</summary>
internal abstract class CharacterNormalizer : Normalizer
{
    /// <summary>What a map gives for a character that goes.</summary>
    protected const int Dropped = -1;

    /// <summary>The character itself, another one, or <see cref="Dropped"/>.</summary>
    protected abstract int Map(int codePoint);

    protected sealed override bool Rewrite(AlignedText source, AlignedText target)
    {
        var text = source.Chars;
        var done = 0;
        var changed = false;
        Span<char> units = stackalloc char[2];
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            var mapped = Map(rune.Value);
            if (mapped != rune.Value)
            {
                changed = true;
                target.AppendFrom(source, done, i);
                if (mapped != Dropped) target.AppendNew(units[..new Rune(mapped).EncodeToUtf16(units)], source, i);
                done = i + width;
            }

            i += width;
        }

        if (changed) target.AppendFrom(source, done, text.Length);
        return changed;
    }
}

/// <summary>Drops combining marks, as far as Unicode 9 knew them.</summary>
internal sealed class StripAccentsNormalizer : CharacterNormalizer
{
    private readonly CodePointSet _marks = UnicodeTables.Instance.Marks9;

    protected override int Map(int codePoint) => codePoint >= 0x300 && _marks.Contains(codePoint) ? Dropped : codePoint;
}

/// <summary>SentencePiece's <c>nmt</c> rules: control characters go, odd spaces become plain ones.</summary>
internal sealed class NmtNormalizer : CharacterNormalizer
{
    protected override int Map(int codePoint) => codePoint switch
    {
        (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F => Dropped,
        0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD => ' ',
        _ => codePoint,
    };
}

/// <summary>BERT's cleaning: control characters go, every white space becomes a plain one.</summary>
internal sealed class BertCleanNormalizer : CharacterNormalizer
{
    private readonly CodePointSet _other = UnicodeTables.Instance.ControlsAndPrivate8;

    protected override int Map(int codePoint)
    {
        if (codePoint is '\t' or '\n' or '\r') return ' ';
        if (codePoint is >= 0x20 and < 0x7F) return codePoint;
        if (codePoint is 0 or 0xFFFD || _other.Contains(codePoint)) return Dropped;
        return Rune.IsWhiteSpace(new Rune(codePoint)) ? ' ' : codePoint;
    }
}

/// <summary>BERT's accents: drops non-spacing marks, as far as Unicode 8 knew them.</summary>
internal sealed class BertAccentsNormalizer : CharacterNormalizer
{
    private readonly CodePointSet _marks = UnicodeTables.Instance.NonSpacingMarks8;

    protected override int Map(int codePoint) => codePoint >= 0x300 && _marks.Contains(codePoint) ? Dropped : codePoint;
}

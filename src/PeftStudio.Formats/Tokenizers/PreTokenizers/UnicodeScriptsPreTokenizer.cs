using System.Text;
using PeftStudio.Formats.Tokenizers.Text;
using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers;

/// <summary>Cuts where the script changes. Spaces and unassigned characters go with any script, and kana counts as Han.</summary>
internal sealed class UnicodeScriptsPreTokenizer : SplittingPreTokenizer
{
    private const int Any = -1;
    private readonly ScriptTable _scripts = UnicodeTables.Instance.Scripts9;
    private readonly int _han = UnicodeTables.Instance.Scripts9.IndexOf("Han");
    private readonly int _hiragana = UnicodeTables.Instance.Scripts9.IndexOf("Hiragana");
    private readonly int _katakana = UnicodeTables.Instance.Scripts9.IndexOf("Katakana");

    protected override void Split(ReadOnlySpan<char> text, int offset, List<Piece> parts)
    {
        // Text in front of the first character with a script is in no piece: the reference implementation loses it.
        var start = -1;
        var last = Any;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            var script = ScriptOf(rune.Value);
            if (script != Any && script != last)
            {
                if (start >= 0) parts.Add(new Piece(offset + start, offset + i));
                start = i;
                last = script;
            }

            i += width;
        }

        if (start >= 0) parts.Add(new Piece(offset + start, offset + text.Length));
    }

    private int ScriptOf(int codePoint)
    {
        if (codePoint == ' ') return Any;
        var script = codePoint == 0x30FC ? _han : _scripts.Of(codePoint);
        return script == _hiragana || script == _katakana ? _han : script;
    }
}

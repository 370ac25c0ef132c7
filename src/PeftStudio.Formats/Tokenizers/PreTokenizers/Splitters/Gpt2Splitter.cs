using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.PreTokenizers.Splitters;

/// <summary>
/// GPT-2: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>; on demand behind a cut at every number, as StarCoder and
/// SmolLM have it, where a number ends the text before it.
/// </summary>
internal sealed class Gpt2Splitter(bool numbersAlone) : WordSplitter
{
    /// <summary>The pattern as it stands in tokenizer.json files.</summary>
    internal const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const CharacterClass Kinds = CharacterClass.Letter | CharacterClass.Number | CharacterClass.Space;

    internal override int Next(ReadOnlySpan<char> text, int start)
    {
        var first = text[start];
        if (first == '\'')
        {
            var length = Contraction(text, start);
            if (length > 0) return start + length;
        }

        var i = start;
        var kind = CharacterClasses.At(text, i, out var width) & Kinds;
        if (first == ' ' && start + 1 < text.Length)
        {
            var next = CharacterClasses.At(text, start + 1, out var nextWidth) & Kinds;
            if (next != CharacterClass.Space && !(numbersAlone && next == CharacterClass.Number))
            {
                kind = next;
                i = start + 1;
                width = nextWidth;
            }
        }

        i += width;
        if (numbersAlone && kind == CharacterClass.Number) return i;
        var stop = kind;
        while (i < text.Length && (stop = CharacterClasses.At(text, i, out width) & Kinds) == kind) i += width;
        if (kind != CharacterClass.Space || i == text.Length || i - start == 1) return i;

        // A run of spaces leaves its last one to the word behind it.
        return numbersAlone && stop == CharacterClass.Number ? i : i - 1;
    }

    private static int Contraction(ReadOnlySpan<char> text, int start)
    {
        if (start + 1 >= text.Length) return 0;
        var second = text[start + 1];
        if (second is 's' or 't' or 'm' or 'd') return 2;
        if (start + 2 >= text.Length) return 0;
        return (second, text[start + 2]) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }
}

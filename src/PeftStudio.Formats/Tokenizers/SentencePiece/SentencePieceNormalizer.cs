using System.Text;
using PeftStudio.Formats.Tokenizers.Normalizers;
using PeftStudio.Formats.Tokenizers.Text;

namespace PeftStudio.Formats.Tokenizers.SentencePiece;

/// <summary>
/// SentencePiece's normalisation: user-defined pieces stay, the longest rule of the charsmap replaces, spaces are collapsed, escaped and put in front,
/// each as the file says.
/// </summary>
/// <param name="vocabulary">The pieces, with the file's settings.</param>
/// <param name="prefixOnlyAtStart">Whether the dummy prefix goes only in front of the whole input, not in front of every stretch behind an added token.</param>
internal sealed class SentencePieceNormalizer(SentencePieceVocabulary vocabulary, bool prefixOnlyAtStart) : Normalizer
{
    /// <summary>Rules longer than this many units are not looked for; no published charsmap comes near it.</summary>
    private const int LongestRule = 64;

    private readonly SentencePieceFile _file = vocabulary.File;
    private readonly Charsmap? _map = vocabulary.File.Charsmap.Length > 0 ? new Charsmap(vocabulary.File.Charsmap) : null;
    private readonly string _space = vocabulary.File.EscapeWhitespaces ? "\u2581" : " ";

    /// <summary>Whether it must know where in the original text a stretch begins.</summary>
    internal bool NeedsOrigin => prefixOnlyAtStart;

    protected override bool Rewrite(AlignedText source, AlignedText target)
    {
        var text = source.Chars;
        var at = 0;
        if (_file.RemoveExtraWhitespaces)
        {
            while (at < text.Length && Prefix(text, at, out var length) is " ") at += length;
        }

        if (at == text.Length) return true;
        var hasPrefix = _file.AddDummyPrefix && (!prefixOnlyAtStart || source.StartOf(0) == 0);
        if (hasPrefix && !_file.WhitespaceIsSuffix) target.AppendNew(_space, source, at);
        var afterSpace = _file.RemoveExtraWhitespaces;
        while (at < text.Length)
        {
            var part = Prefix(text, at, out var length);
            if (afterSpace) part = part.TrimStart(' ');
            foreach (var unit in part)
            {
                target.AppendNew(unit == ' ' ? _space : new ReadOnlySpan<char>(in unit), source, at, at + length - 1);
            }

            if (part.Length > 0) afterSpace = part[^1] == ' ';
            if (!_file.RemoveExtraWhitespaces) afterSpace = false;
            at += length;
        }

        if (_file.RemoveExtraWhitespaces)
        {
            while (target.Chars.EndsWith(_space)) target.RemoveLast(_space.Length);
        }

        if (hasPrefix && _file.WhitespaceIsSuffix) target.AppendNew(_space, source, text.Length - 1);
        return true;
    }

    /// <summary>What the beginning of the rest becomes, and how much of it that takes.</summary>
    private ReadOnlySpan<char> Prefix(ReadOnlySpan<char> text, int at, out int length)
    {
        if (vocabulary.UserDefined.Longest(text[at..], out length) != TextTrie.None) return text.Slice(at, length);
        length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
        return Mapped(text[at..Math.Min(text.Length, at + LongestRule)], ref length) is { } replaced ? replaced : text.Slice(at, length);
    }

    /// <summary>What the longest rule puts in place of the beginning of a text, or null.</summary>
    private string? Mapped(ReadOnlySpan<char> text, ref int length)
    {
        if (_map is null || !_map.CanStart(text[0])) return null;
        Span<byte> bytes = stackalloc byte[LongestRule * 3];
        var count = Encoding.UTF8.GetBytes(text, bytes);
        if (!_map.TryFind(bytes[..count], longest: true, out var matched, out var replacement)) return null;
        length = Encoding.UTF8.GetCharCount(bytes[..matched]);
        return Encoding.UTF8.GetString(replacement);
    }
}

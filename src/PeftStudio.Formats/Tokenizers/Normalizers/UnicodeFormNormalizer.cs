using System.Text;
using PeftStudio.Formats.Tokenizers.Text;
using PeftStudio.Formats.Tokenizers.Unicode;

namespace PeftStudio.Formats.Tokenizers.Normalizers;

/// <summary>NFC, NFD, NFKC and NFKD.</summary>
internal sealed class UnicodeFormNormalizer(bool compatibility, bool compose) : Normalizer
{
    private readonly Normalization _form = Normalization.Form(compatibility, compose);

    /// <summary>Whether the text is certainly in this form already.</summary>
    internal bool IsStable(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text)) return true;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            if (_form.IsUnstable(rune.Value)) return false;
            i += width;
        }

        return true;
    }

    protected override bool Rewrite(AlignedText source, AlignedText target)
    {
        if (IsStable(source.Chars)) return false;
        var transform = new TextTransform(source, target);
        var output = new Composition(_form.Composes);
        var parts = new List<int>();
        var text = source.Chars;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            parts.Clear();
            _form.Decompose(rune.Value, parts);
            for (var p = 0; p < parts.Count; p++) output.Add(parts[p], p == 0 ? 0 : 1, ref transform);
            i += width;
        }

        output.Finish(ref transform);
        return true;
    }

    /// <summary>Sorts marks by combining class and, where wanted, composes; holds back one sequence of a character and its marks.</summary>
    private sealed class Composition(bool compose)
    {
        private readonly List<(int CodePoint, int Change, int Class)> _marks = [];
        private readonly List<(int CodePoint, int Change)> _held = [];
        private (int CodePoint, int Change)? _base;
        private int _lastClass;

        internal void Add(int codePoint, int change, ref TextTransform output)
        {
            var combiningClass = Normalization.ClassOf(codePoint);
            if (combiningClass != 0)
            {
                _marks.Add((codePoint, change, combiningClass));
                return;
            }

            FlushMarks(ref output);
            Compose(codePoint, change, 0, ref output);
        }

        internal void Finish(ref TextTransform output)
        {
            FlushMarks(ref output);
            Release(ref output);
        }

        private void FlushMarks(ref TextTransform output)
        {
            if (_marks.Count == 0) return;
            foreach (var (codePoint, change, combiningClass) in _marks.Count == 1 ? _marks : [.. _marks.OrderBy(m => m.Class)])
            {
                Compose(codePoint, change, combiningClass, ref output);
            }

            _marks.Clear();
        }

        private void Compose(int codePoint, int change, int combiningClass, ref TextTransform output)
        {
            if (!compose)
            {
                output.Put(codePoint, change);
                return;
            }

            if (_base is not { } first)
            {
                if (combiningClass == 0) _base = (codePoint, change);
                else output.Put(codePoint, change);
                return;
            }

            var blocked = _held.Count > 0 && _lastClass >= combiningClass;
            var composite = blocked ? -1 : Normalization.Compose(first.CodePoint, codePoint);
            if (composite >= 0)
            {
                _base = (composite, first.Change + change - 1);
                return;
            }

            if (combiningClass == 0)
            {
                Release(ref output);
                _base = (codePoint, change);
                return;
            }

            _held.Add((codePoint, change));
            _lastClass = combiningClass;
        }

        private void Release(ref TextTransform output)
        {
            if (_base is { } first) output.Put(first.CodePoint, first.Change);
            foreach (var (codePoint, change) in _held) output.Put(codePoint, change);
            _base = null;
            _held.Clear();
        }
    }
}

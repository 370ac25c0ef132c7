using System.Text;

namespace PeftStudio.Formats.Gguf.Vocabulary;

/// <summary>Kinds of tokens, with the format's numbers.</summary>
internal enum TokenKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>A vocabulary by id. Ids without a token hold a placeholder.</summary>
internal sealed class TokenList
{
    private const float PlaceholderScore = -10_000;

    /// <summary>Score of tokens that are not learnt pieces.</summary>
    internal const float AddedScore = -1_000;

    internal TokenList(int size)
    {
        Texts = Enumerable.Range(0, size).Select(i => Encoding.UTF8.GetBytes(FormattableString.Invariant($"[PAD{i}]"))).ToArray();
        Kinds = Enumerable.Repeat((int)TokenKind.Unused, size).ToArray();
        Scores = Enumerable.Repeat(PlaceholderScore, size).ToArray();
    }

    internal byte[][] Texts { get; }

    internal int[] Kinds { get; }

    internal float[] Scores { get; }

    internal int Count => Texts.Length;

    /// <summary>Sets a token; ids beyond the model's vocabulary are left out, as the converter does.</summary>
    internal void Set(int id, string text, TokenKind kind, float score = AddedScore)
    {
        if ((uint)id >= (uint)Count) return;
        Texts[id] = Encoding.UTF8.GetBytes(text);
        Kinds[id] = (int)kind;
        Scores[id] = score;
    }

    /// <summary>Sets an added token: special ones are control tokens, others are written with spaces instead of their marks.</summary>
    internal void Add(AddedEntry token)
    {
        if (token.IsSpecial || LooksSpecial(token.Content)) Set(token.Id, token.Content, TokenKind.Control);
        else Set(token.Id, token.Content.Replace('\u2581', ' '), TokenKind.UserDefined);
    }

    // Some files do not mark their control tokens as special.
    private static bool LooksSpecial(string text) =>
        text is "<pad>" or "<mask>" or "<2mass>" or "[@BOS@]" || Encloses(text, "<|", "|>") || Encloses(text, "<\uFF5C", "\uFF5C>") || Encloses(text, "<unused", ">");

    private static bool Encloses(string text, string start, string end) => text.StartsWith(start, StringComparison.Ordinal) && text.EndsWith(end, StringComparison.Ordinal);
}

using System.Text;

namespace PeftStudio.Formats.ChatTemplates.Internal;

/// <summary>
/// Keeps control tokens in the input from having effect. Each one that a value contains goes through the template as one private character
/// that stands for it, and is written out again afterwards, where its place in the text is known. So a template cannot mistake it for its
/// own marker either: the <c>&lt;/think&gt;</c> of a user ends no thinking.
/// </summary>
internal sealed class ControlTokenGuard
{
    /// <summary>First of the 65,534 code points of the private plane 15.</summary>
    private const int FirstStandIn = 0xF0000;
    private const int MaxTokens = 0xFFFE;

    private readonly string[] tokens;

    private ControlTokenGuard(string[] tokens) => this.tokens = tokens;

    /// <summary>A guard for these tokens, longest first where several begin alike; null if there is nothing to guard.</summary>
    internal static ControlTokenGuard? For(IReadOnlyCollection<ChatControlToken>? tokens, string templateSource)
    {
        if (tokens is null) return null;
        var guarded = tokens
            .Where(token => token.Content.Length > 0 && (token.IsSpecial || templateSource.Contains(token.Content, StringComparison.Ordinal)))
            .Select(static token => token.Content).Distinct(StringComparer.Ordinal)
            .OrderByDescending(static content => content.Length).ThenBy(static content => content, StringComparer.Ordinal).ToArray();
        if (guarded.Length > MaxTokens)
        {
            throw ChatErrors.Request(
                $"to guard {guarded.Length} control tokens", $"room for {MaxTokens}", "Give only the tokens that the template or the model's format uses.");
        }

        return guarded.Length == 0 ? null : new ControlTokenGuard(guarded);
    }

    /// <summary>A text with every control token replaced by its stand-in.</summary>
    internal string Hide(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uDB80', '\uDBBF') >= 0 && HoldsStandIn(text))
        {
            throw ChatErrors.Request(
                "to render a conversation with control tokens guarded", "a text with characters of the private plane 15", "Remove those characters.");
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            if (text.Contains(tokens[i], StringComparison.Ordinal))
            {
                text = text.Replace(tokens[i], char.ConvertFromUtf32(FirstStandIn + i), StringComparison.Ordinal);
            }
        }

        return text;
    }

    /// <summary>Writes the control tokens out again.</summary>
    /// <param name="text">What the template wrote.</param>
    /// <param name="spans">Parts of that text; moved to where they are in the result.</param>
    /// <returns>The text and the places of the tokens in it.</returns>
    internal (string Text, List<ChatTextSpan> Plain) Show(string text, IList<ChatTextSpan> spans)
    {
        var shown = new StringBuilder(text.Length);
        var plain = new List<ChatTextSpan>();
        var moves = new List<(int From, int By)>();
        for (var i = 0; i < text.Length; i++)
        {
            if (StandInAt(text, i) is not { } index)
            {
                shown.Append(text[i]);
                continue;
            }

            plain.Add(new ChatTextSpan(shown.Length, shown.Length + tokens[index].Length));
            shown.Append(tokens[index]);
            i++;
            moves.Add((i + 1, shown.Length - i - 1));
        }

        for (var i = 0; i < spans.Count; i++) spans[i] = new ChatTextSpan(Moved(spans[i].Start, moves), Moved(spans[i].End, moves));
        return (shown.ToString(), plain);
    }

    private static int Moved(int position, List<(int From, int By)> moves)
    {
        var last = moves.FindLastIndex(move => move.From <= position);
        return last < 0 ? position : position + moves[last].By;
    }

    private bool HoldsStandIn(string text) => Enumerable.Range(0, text.Length).Any(i => StandInAt(text, i) is not null);

    private int? StandInAt(string text, int unit)
    {
        if (!char.IsHighSurrogate(text[unit]) || unit + 1 >= text.Length || !char.IsLowSurrogate(text[unit + 1])) return null;
        var index = char.ConvertToUtf32(text[unit], text[unit + 1]) - FirstStandIn;
        return index >= 0 && index < tokens.Length ? index : null;
    }
}

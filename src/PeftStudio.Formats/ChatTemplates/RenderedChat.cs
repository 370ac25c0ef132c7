using PeftStudio.Formats.Tokenizers;

namespace PeftStudio.Formats.ChatTemplates;

/// <summary>A rendered conversation. It is to be encoded without adding special tokens: the template has written them.</summary>
/// <param name="Text">The text.</param>
/// <param name="AssistantSpans">
/// What the assistant wrote, from the template's <c>generation</c> blocks, in order; empty for a template without them.
/// </param>
/// <param name="PlainSpans">
/// Control tokens that came from the input, in order: to be encoded as plain text. Empty unless <see cref="ChatRenderOptions.ControlTokens"/>
/// was given.
/// </param>
public sealed record RenderedChat(string Text, IReadOnlyList<ChatTextSpan> AssistantSpans, IReadOnlyList<ChatTextSpan> PlainSpans)
{
    /// <summary>Which tokens the assistant wrote: those that share at least one character with its text.</summary>
    /// <param name="offsets">
    /// The part of <see cref="Text"/> that each token stands for, in ascending order; empty parts, such as padding, are nobody's.
    /// </param>
    /// <returns>A flag for each token.</returns>
    public bool[] AssistantMask(ReadOnlySpan<TokenOffset> offsets)
    {
        var spans = AssistantSpans.Where(static span => span.End > span.Start).OrderBy(static span => span.Start).ToArray();
        var mask = new bool[offsets.Length];
        var next = 0;
        for (var i = 0; i < offsets.Length; i++)
        {
            var (start, end) = offsets[i];
            if (end <= start) continue;
            while (next < spans.Length && spans[next].End <= start) next++;
            mask[i] = next < spans.Length && spans[next].Start < end;
        }

        return mask;
    }
}

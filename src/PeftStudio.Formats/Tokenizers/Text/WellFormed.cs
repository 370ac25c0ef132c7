namespace PeftStudio.Formats.Tokenizers.Text;

/// <summary>Text from .NET may hold halves of surrogate pairs, which UTF-8 cannot say.</summary>
internal static class WellFormed
{
    /// <summary>The same text with U+FFFD for each lone surrogate, so that indices stay the same.</summary>
    internal static string Text(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return text;
        char[]? copy = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
                continue;
            }

            copy ??= text.ToCharArray();
            copy[i] = '\uFFFD';
        }

        return copy is null ? text : new string(copy);
    }
}

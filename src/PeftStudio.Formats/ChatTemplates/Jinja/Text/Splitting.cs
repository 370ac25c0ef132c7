using PeftStudio.Formats.ChatTemplates.Jinja.Runtime;

namespace PeftStudio.Formats.ChatTemplates.Jinja.Text;

/// <summary>Python's <c>split</c>, <c>rsplit</c>, <c>splitlines</c> and <c>partition</c>.</summary>
internal static class Splitting
{
    /// <summary>Splits at a separator from the left; at most <paramref name="limit"/> times unless that is negative.</summary>
    internal static List<string> Split(string text, string separator, long limit)
    {
        var parts = new List<string>();
        var start = 0;
        for (; limit != 0; limit--)
        {
            var found = text.IndexOf(separator, start, StringComparison.Ordinal);
            if (found < 0) break;
            parts.Add(text[start..found]);
            start = found + separator.Length;
        }

        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>The same from the right.</summary>
    internal static List<string> SplitRight(string text, string separator, long limit)
    {
        var parts = new List<string>();
        var end = text.Length;
        for (; limit != 0 && end >= separator.Length; limit--)
        {
            var found = text.AsSpan(0, end).LastIndexOf(separator);
            if (found < 0) break;
            parts.Add(text[(found + separator.Length)..end]);
            end = found;
        }

        parts.Add(text[..end]);
        parts.Reverse();
        return parts;
    }

    /// <summary>Splits at runs of white space, leaving none at the ends.</summary>
    internal static List<string> SplitSpace(string text, long limit)
    {
        var parts = new List<string>();
        var i = 0;
        while (true)
        {
            while (i < text.Length && CharacterClasses.IsSpace(text[i])) i++;
            if (i == text.Length) return parts;
            if (limit-- == 0)
            {
                parts.Add(Trimming.StripEnd(text[i..]));
                return parts;
            }

            var start = i;
            while (i < text.Length && !CharacterClasses.IsSpace(text[i])) i++;
            parts.Add(text[start..i]);
        }
    }

    /// <summary>The same from the right.</summary>
    internal static List<string> SplitSpaceRight(string text, long limit)
    {
        var parts = new List<string>();
        var end = text.Length;
        while (true)
        {
            while (end > 0 && CharacterClasses.IsSpace(text[end - 1])) end--;
            if (end == 0) break;
            if (limit-- == 0)
            {
                parts.Add(Trimming.StripStart(text[..end]));
                break;
            }

            var last = end;
            while (end > 0 && !CharacterClasses.IsSpace(text[end - 1])) end--;
            parts.Add(text[end..last]);
        }

        parts.Reverse();
        return parts;
    }

    /// <summary>Lines without their ends, or with them; an end of line at the end begins no further line.</summary>
    internal static List<string> Lines(string text, bool keepEnds = false)
    {
        var lines = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && !CharacterClasses.IsLineEnd(text[i])) i++;
            var end = i;
            if (i < text.Length) i += text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 2 : 1;
            lines.Add(text[start..(keepEnds ? i : end)]);
        }

        return lines;
    }

    /// <summary>What stands before the separator, the separator, and what follows; the last for <paramref name="fromRight"/>.</summary>
    internal static (string Before, string Separator, string After) Partition(string text, string separator, bool fromRight)
    {
        if (separator.Length == 0) throw JinjaError.Python("empty separator");
        var found = fromRight ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        if (found >= 0) return (text[..found], separator, text[(found + separator.Length)..]);
        return fromRight ? ("", "", text) : (text, "", "");
    }
}

namespace PeftStudio.Formats.ChatTemplates.Jinja.Text;

/// <summary>Python's <c>strip</c> family: white space, or any characters of a set.</summary>
internal static class Trimming
{
    internal static string Strip(string text, string? characters = null) => StripStart(StripEnd(text, characters), characters);

    internal static string StripStart(string text, string? characters = null)
    {
        var start = 0;
        while (start < text.Length && InSet(text, start, characters, out var units)) start += units;
        return text[start..];
    }

    internal static string StripEnd(string text, string? characters = null)
    {
        var end = text.Length;
        while (end > 0)
        {
            var last = end > 1 && char.IsLowSurrogate(text[end - 1]) && char.IsHighSurrogate(text[end - 2]) ? end - 2 : end - 1;
            if (!InSet(text, last, characters, out _)) break;
            end = last;
        }

        return text[..end];
    }

    private static bool InSet(string text, int unit, string? characters, out int units)
    {
        units = Values.CodePoints.UnitsAt(text, unit);
        return characters is null
            ? CharacterClasses.IsSpace(text[unit])
            : characters.AsSpan().IndexOf(text.AsSpan(unit, units)) >= 0;
    }
}

namespace PeftStudio.QuickStart;

/// <summary>Two texts in two columns, wrapped at spaces.</summary>
internal static class SideBySide
{
    private const int Width = 46;

    internal static IEnumerable<string> Lines(string left, string right)
    {
        var (a, b) = (Wrap(left).ToArray(), Wrap(right).ToArray());
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            yield return $"   {(i < a.Length ? a[i] : string.Empty).PadRight(Width)} │ {(i < b.Length ? b[i] : string.Empty)}".TrimEnd();
        }
    }

    private static IEnumerable<string> Wrap(string text)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var rest = line;
            while (rest.Length > Width)
            {
                var cut = rest.LastIndexOf(' ', Width);
                if (cut <= 0) cut = Width;
                yield return rest[..cut];
                rest = rest[cut..].TrimStart();
            }

            yield return rest;
        }
    }
}

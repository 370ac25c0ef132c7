namespace PeftStudio.Formats.Blueprints;

/// <summary>Finds what somebody probably meant, by edit distance.</summary>
internal static class NearestNames
{
    internal static string Best(string name, IEnumerable<string> known) => Order(name, known).First();

    /// <summary>Known names from nearest to farthest.</summary>
    internal static IOrderedEnumerable<string> Order(string name, IEnumerable<string> known) =>
        known.OrderBy(k => Distance(name, k)).ThenBy(k => k, StringComparer.Ordinal);

    /// <summary>Levenshtein distance, one row at a time; a long name is compared by its beginning only.</summary>
    private static int Distance(string a, string b)
    {
        const int longest = 256;
        if (a.Length > longest) a = a[..longest];
        if (b.Length > longest) b = b[..longest];
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}

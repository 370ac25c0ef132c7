using System.Text.RegularExpressions;
using PeftStudio.TestSupport;

namespace PeftStudio.Architecture;

/// <summary>A Markdown page of the repository.</summary>
internal sealed partial record Page(string Name)
{
    /// <summary>Every page outside the test data.</summary>
    internal static IReadOnlyList<Page> All { get; } =
    [
        .. RepositoryFiles.Texts().Where(f => f.EndsWith(".md", StringComparison.Ordinal) && !f.StartsWith("tests/data/", StringComparison.Ordinal) && !f.StartsWith("samples/data/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(f => new Page(f)),
    ];

    internal string Text => RepositoryFiles.Read(Name);

    internal string Folder => Path.GetDirectoryName(Path.Combine(TestData.Repository, Name))!;

    /// <summary>The fenced blocks of a language.</summary>
    internal IEnumerable<string> Blocks(string language) =>
        Fence().Matches(Text).Where(m => m.Groups["language"].Value == language).Select(m => m.Groups["body"].Value);

    /// <summary>Targets of links that stay inside the repository, without their anchors.</summary>
    internal IEnumerable<string> LocalLinks() => Link().Matches(Fence().Replace(Text, string.Empty))
        .Select(m => m.Groups["target"].Value.Split('#')[0]).Where(t => t.Length > 0 && !t.Contains("://", StringComparison.Ordinal));

    public override string ToString() => Name;

    [GeneratedRegex(@"^[ ]*```(?<language>[a-z]*)[^\n]*\n(?<body>.*?)^[ ]*```[ ]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}

using PeftStudio.TestSupport;

namespace PeftStudio.Architecture;

/// <summary>What the pages say can be followed: links lead somewhere, C# compiles.</summary>
[TestFixture]
public sealed class PageTests
{
    private static IReadOnlyList<Page> Pages => Page.All;

    private static IEnumerable<Page> PagesWithCode => Page.All.Where(p => p.Blocks("csharp").Any());

    // This project's Snippets are compiled with it.
    private static readonly string[][] Compiled =
    [
        .. Directory.GetFiles(Path.Combine(TestData.Repository, "tests", "PeftStudio.Architecture.Tests", "Snippets"), "*.cs").Select(f => Normalize(File.ReadAllText(f))),
    ];

    [TestCaseSource(nameof(Pages))]
    public void Links_lead_to_files(object page)
    {
        var source = (Page)page;
        Assert.That(source.LocalLinks().Where(l => !Path.Exists(Path.Combine(source.Folder, l))), Is.Empty);
    }

    [TestCaseSource(nameof(PagesWithCode))]
    public void Code_occurs_word_for_word_in_a_compiled_snippet(object page)
    {
        foreach (var block in ((Page)page).Blocks("csharp"))
        {
            Assert.That(Compiled.Any(file => Holds(file, Normalize(block))), Is.True, $"no file of tests/PeftStudio.Architecture.Tests/Snippets holds this block of {page}:\n{block}");
        }
    }

    [Test]
    public void Every_page_of_docs_is_linked_from_its_index()
    {
        var index = new Page("docs/README.md");
        var linked = index.LocalLinks().Select(l => RepositoryFiles.Relative(Path.GetFullPath(Path.Combine(index.Folder, l)))).ToHashSet(StringComparer.Ordinal);
        var pages = Page.All.Select(p => p.Name).Where(n => n.StartsWith("docs/", StringComparison.Ordinal) && n != index.Name && !n.StartsWith("docs/errors/PS", StringComparison.Ordinal));
        Assert.That(pages.Where(p => !linked.Contains(p)), Is.Empty);
    }

    private static string[] Normalize(string code) => [.. code.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];

    // Usings stand apart from the code in a file; the rest follows each other.
    private static bool Holds(string[] file, string[] block)
    {
        var body = block.SkipWhile(IsUsing).ToArray();
        return block.TakeWhile(IsUsing).All(u => file.Contains(u) || u == "using PeftStudio;")
            && Enumerable.Range(0, Math.Max(0, file.Length - body.Length + 1)).Any(i => file.AsSpan(i, body.Length).SequenceEqual(body));
    }

    private static bool IsUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal) && !line.Contains('(', StringComparison.Ordinal);
}

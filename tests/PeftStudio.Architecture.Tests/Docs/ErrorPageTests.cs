using System.Reflection;
using PeftStudio.TestSupport;

namespace PeftStudio.Architecture;

/// <summary>Each error code has a page that a stranger can act on, and each page a code.</summary>
[TestFixture]
public sealed class ErrorPageTests
{
    private static readonly string Folder = Path.Combine(TestData.Repository, "docs", "errors");

    private static string[] Codes { get; } =
    [
        .. typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal),
    ];

    [Test]
    public void No_two_constants_share_a_code() => Assert.That(Codes, Is.Unique);

    [TestCaseSource(nameof(Codes))]
    public void Code_has_a_page_of_the_three_parts(string code)
    {
        var path = Path.Combine(Folder, code + ".md");
        Assert.That(path, Does.Exist, $"every constant of ErrorCodes has a page docs/errors/{code}.md");
        var lines = File.ReadAllLines(path);
        Assert.That(lines[0], Does.Match($"^# {code}: [a-z0-9].*[^.]$"), "the title is '# PSnnnn: summary', a clause without a full stop");
        Assert.That(lines.Where(l => l.StartsWith("## ", StringComparison.Ordinal)), Is.EqualTo(new[] { "## What happened", "## What to do", "## Example" }));
        Assert.That(lines.Any(l => l.StartsWith(code + " ", StringComparison.Ordinal)), Is.True, "the example shows the message as it is printed");
    }

    [Test]
    public void Every_page_has_a_code() => Assert.That(Pages(), Is.SubsetOf(Codes), "a page without a constant in ErrorCodes");

    [Test]
    public void The_index_lists_every_page_with_its_title()
    {
        var index = File.ReadAllText(Path.Combine(Folder, "README.md"));
        var missing = Pages().Where(c => !index.Contains($"| [{c}]({c}.md) | {Title(c)} |", StringComparison.Ordinal));
        Assert.That(missing, Is.Empty, "run eng/update-error-index.sh");
    }

    private static IEnumerable<string> Pages() =>
        Directory.GetFiles(Folder, "PS*.md").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    private static string Title(string code) => File.ReadLines(Path.Combine(Folder, code + ".md")).First()[$"# {code}: ".Length..];
}

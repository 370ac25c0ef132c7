using PeftStudio.Formats.Blueprints;

namespace PeftStudio.Architecture;

/// <summary>Tables of the pages that follow from the code are held against it.</summary>
[TestFixture]
public sealed class StatementTests
{
    [Test]
    public void Model_families_lists_every_model_type_and_no_other() =>
        Assert.That(FirstCells("docs/model-families.md", "model_type"), Is.EquivalentTo(ModelFamilies.ModelTypes));

    [Test]
    public void Getting_started_lists_every_setting_as_the_code_describes_it()
    {
        var expected = FineTuneSettings.All.Select(s => $"| `{s.Key}` | {s.Default ?? "–"} | {s.Help} |");
        var rows = Rows("docs/getting-started.md", "key").Select(r => $"| `{r[0]}` | {r[1]} | {r[2]} |");
        Assert.That(rows, Is.EqualTo(expected), "the table of settings is FineTuneSettings.All:\n" + string.Join('\n', expected));
    }

    [Test]
    public void Architecture_lists_every_package() =>
        Assert.That(FirstCells(PackageTable.Page, "package"), Is.EquivalentTo(SourceProject.All.Select(p => p.Name)));

    [Test]
    public void Architecture_lists_every_third_party_package_where_it_is_allowed()
    {
        foreach (var row in Rows(PackageTable.Page, "package"))
        {
            var project = SourceProject.All.Single(p => p.Name == row[0]);
            var said = row[2].Split(',', StringSplitOptions.TrimEntries);
            var direct = project.ProjectReferences.Select(r => r["PeftStudio.".Length..]);
            Assert.That(said, Is.SupersetOf(direct.Concat(project.PackageReferences)), row[0]);
        }
    }

    private static IEnumerable<string> FirstCells(string page, string heading) => Rows(page, heading).Select(r => r[0]);

    /// <summary>The rows of the table whose first heading is given, cells without code marks.</summary>
    private static string[][] Rows(string page, string heading) =>
    [
        .. new Page(page).Text.Split('\n').SkipWhile(l => !l.StartsWith($"| {heading} |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(l => l.StartsWith('|')).Select(l => l.Trim().Trim('|').Split('|').Select(c => c.Trim().Replace("`", string.Empty, StringComparison.Ordinal)).ToArray()),
    ];
}

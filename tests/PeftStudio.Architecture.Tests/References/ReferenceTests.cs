using System.Text.Json;
using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace PeftStudio.Architecture;

/// <summary>References between packages run in one direction: the table of docs/architecture.md.</summary>
[TestFixture]
public sealed class ReferenceTests
{
    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Code = new(() =>
        new ArchLoader().LoadFilteredDirectory(AppContext.BaseDirectory, "PeftStudio*.dll").Build());

    private static IReadOnlyList<SourceProject> Packages => SourceProject.All;

    [Test]
    public void There_are_packages() => Assert.That(Packages.Select(p => p.Name), Does.Contain("PeftStudio.Formats").And.Contain("PeftStudio"));

    [TestCaseSource(nameof(Packages))]
    public void Package_has_a_line_in_the_table(object package) =>
        Assert.That(PackageTable.Knows(package.ToString()!), Is.True, $"{package} is not in the table of {PackageTable.Page}; a package needs a line there and in PackageTable.cs");

    [TestCaseSource(nameof(Packages))]
    public void Project_references_follow_the_table(object package)
    {
        var project = (SourceProject)package;
        var wrong = project.ProjectReferences.Where(r => !PackageTable.MayReference(project.Name, r));
        Assert.That(wrong, Is.Empty, $"{project} may not reference these; the table of {PackageTable.Page} says what it may");
    }

    [TestCaseSource(nameof(Packages))]
    public void Types_depend_only_on_packages_that_the_table_allows(object package)
    {
        var name = package.ToString()!;
        foreach (var other in Packages.Select(p => p.Name).Where(o => !PackageTable.MayReference(name, o)))
        {
            Check(Types().That().ResideInAssemblyMatching(ExactAssembly(name)).Should()
                .NotDependOnAny(Types().That().ResideInAssemblyMatching(ExactAssembly(other)))
                .Because($"the table of {PackageTable.Page} does not let {name} reference {other}"));
        }
    }

    [TestCaseSource(nameof(Packages))]
    public void Third_party_packages_are_on_the_list(object package)
    {
        var project = (SourceProject)package;
        Assert.That(
            project.PackageReferences.Except(PackageTable.ThirdPartyOf(project.Name)), Is.Empty,
            $"{project} references packages that its list in PackageTable.cs lacks; {PackageTable.Page} says how to decide");
    }

    [TestCase("PeftStudio.Formats")]
    [TestCase("PeftStudio.Inference")]
    public void A_host_that_only_serves_carries_no_libtorch(string package)
    {
        var folder = Packages.Single(p => p.Name == package).Folder;
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "obj", "project.assets.json")));
        var reached = assets.RootElement.GetProperty("libraries").EnumerateObject().Select(l => l.Name[..l.Name.IndexOf('/', StringComparison.Ordinal)]).ToArray();
        Assert.That(reached, Is.Not.Empty);
        Assert.That(
            reached.Where(r => r.StartsWith("TorchSharp", StringComparison.OrdinalIgnoreCase) || r.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase)),
            Is.Empty, $"{package} must not reach TorchSharp, see {PackageTable.Page}");
    }

    [Test]
    public void Every_package_is_among_the_loaded_assemblies() =>
        Assert.That(Code.Value.Assemblies.Select(a => a.Name.Split(',')[0]), Is.SupersetOf(Packages.Select(p => p.Name)));

    private static string ExactAssembly(string name) => $"^{name.Replace(".", "\\.", StringComparison.Ordinal)},";

    private static void Check(IArchRule rule)
    {
        var failures = rule.Evaluate(Code.Value).Where(r => !r.Passed).Select(r => r.Description).ToArray();
        Assert.That(failures, Is.Empty, rule.Description);
    }
}

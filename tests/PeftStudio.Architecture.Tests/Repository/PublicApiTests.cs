using PeftStudio.TestSupport;

namespace PeftStudio.Architecture;

/// <summary>PublicAPI.Shipped.txt at the top is what a host sees of all packages together.</summary>
[TestFixture]
public sealed class PublicApiTests
{
    private const string Header = "#nullable enable";
    private const string Shipped = "PublicAPI.Shipped.txt";
    private const string Unshipped = "PublicAPI.Unshipped.txt";

    [Test]
    public void Every_package_declares_its_public_members() => Assert.That(
        SourceProject.All.SelectMany(p => new[] { Path.Combine(p.Folder, Shipped), Path.Combine(p.Folder, Unshipped) }).Where(f => !File.Exists(f) || File.ReadLines(f).First() != Header),
        Is.Empty, "run eng/update-public-api.sh");

    [Test]
    public void The_file_at_the_top_is_the_union_of_the_packages_files()
    {
        var union = SourceProject.All.SelectMany(p => Members(Path.Combine(p.Folder, Shipped)).Concat(Members(Path.Combine(p.Folder, Unshipped))))
            .Distinct().Order(StringComparer.Ordinal);
        Assert.That(Members(Path.Combine(TestData.Repository, Shipped)), Is.EqualTo(union), "run eng/update-public-api.sh");
    }

    private static IEnumerable<string> Members(string file) => File.ReadLines(file).Where(l => l.Length > 0 && l != Header);
}

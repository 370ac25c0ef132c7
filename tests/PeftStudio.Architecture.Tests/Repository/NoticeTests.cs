using PeftStudio.TestSupport;

namespace PeftStudio.Architecture;

/// <summary>THIRD-PARTY-NOTICES.md names everything that others made.</summary>
[TestFixture]
public sealed class NoticeTests
{
    private static readonly string Notices = RepositoryFiles.Read("THIRD-PARTY-NOTICES.md");

    [Test]
    public void Every_referenced_package_is_named() =>
        Assert.That(SourceProject.All.SelectMany(p => p.PackageReferences).Distinct().Where(p => !Notices.Contains(p, StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Every_folder_of_test_data_is_named()
    {
        var folders = Directory.GetDirectories(TestData.Root).SelectMany(Directory.GetDirectories).Select(f => Path.GetRelativePath(TestData.Root, f).Replace('\\', '/'));
        Assert.That(folders.Where(f => !Notices.Contains($"`{f}`", StringComparison.Ordinal)), Is.Empty, "each needs a line with source and licence");
    }
}

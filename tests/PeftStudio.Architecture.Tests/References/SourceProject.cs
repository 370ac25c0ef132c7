using System.Xml.Linq;
using PeftStudio.TestSupport;

namespace PeftStudio.Architecture;

/// <summary>A package's project file below <c>src</c>.</summary>
internal sealed record SourceProject(string Name, string Folder, XElement Xml)
{
    /// <summary>Every package, found by listing folders.</summary>
    internal static IReadOnlyList<SourceProject> All { get; } =
    [
        .. Directory.GetDirectories(Path.Combine(TestData.Repository, "src")).Order(StringComparer.Ordinal)
            .Select(f => (Folder: f, File: Path.Combine(f, Path.GetFileName(f) + ".csproj"))).Where(p => File.Exists(p.File))
            .Select(p => new SourceProject(Path.GetFileName(p.Folder), p.Folder, XElement.Load(p.File))),
    ];

    internal IEnumerable<string> ProjectReferences =>
        Includes("ProjectReference").Select(i => Path.GetFileNameWithoutExtension(i.Replace('\\', '/')));

    internal IEnumerable<string> PackageReferences => Includes("PackageReference");

    public override string ToString() => Name;

    private IEnumerable<string> Includes(string item) => Xml.Descendants(item).Select(e => (string?)e.Attribute("Include")).OfType<string>();
}

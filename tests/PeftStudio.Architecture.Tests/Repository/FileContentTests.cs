using System.Text.RegularExpressions;

namespace PeftStudio.Architecture;

/// <summary>No file depends on the machine that it was written on.</summary>
[TestFixture]
public sealed partial class FileContentTests
{
    [Test]
    public void No_text_file_names_a_path_of_a_machine() =>
        Assert.That(Lines(MachinePath()), Is.Empty, "paths of one machine mean nothing on another: write them relative to the clone");

    [Test]
    public void No_text_file_names_a_drive_of_a_machine() =>
        Assert.That(Lines(DrivePath(), f => !f.StartsWith("tests/data/", StringComparison.Ordinal)), Is.Empty, "write paths relative to the clone");

    [Test]
    public void No_text_file_names_the_host_of_a_package_registry() =>
        Assert.That(Lines(RegistryHost()), Is.Empty, "where packages come from is the machine's configuration, not the repository's");

    private static IEnumerable<string> Lines(Regex pattern, Func<string, bool>? filter = null) =>
        from file in RepositoryFiles.Texts()
        where filter is null || filter(file)
        from line in RepositoryFiles.Read(file).Split('\n').Select((text, i) => (Text: text, Number: i + 1))
        where pattern.IsMatch(line.Text)
        select $"{file}:{line.Number}";

    [GeneratedRegex(@"(?<![\w.])/(home|root|work|Users)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"(?<!\w)[A-Z]:(\\\\?|/)(Users|Windows|Program|Temp)\b")]
    private static partial Regex DrivePath();

    [GeneratedRegex(@"\b(nuget|npmjs|pypi|pythonhosted|crates|deb\.debian)\.(org|io|com)\b|\bproxy\.golang\b", RegexOptions.IgnoreCase)]
    private static partial Regex RegistryHost();
}

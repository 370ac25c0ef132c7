namespace PeftStudio.Golden;

/// <summary>Cases of groups that no fixture covers yet are reported by name, never silently passed over.</summary>
[TestFixture]
[Category("Golden")]
public sealed class GroupCoverageTests
{
    /// <summary>Groups with a fixture of their own.</summary>
    internal static readonly string[] Built = ["chat-templates", "generation", "models", "peft", "peft-bases", "quantization", "tokenizers", "training"];

    /// <summary>Folders that hold references to write tests from, not cases.</summary>
    private static readonly string[] NotCases = ["wire", "reference-run"];

    private static IEnumerable<TestCaseData> UncoveredCases() =>
        Directory.Exists(GoldenCase.Root)
            ? Directory.GetDirectories(GoldenCase.Root).Select(f => Path.GetFileName(f)!)
                .Except(Built).Except(NotCases).Order(StringComparer.Ordinal).SelectMany(GoldenCase.Of)
            : [];

    [TestCaseSource(nameof(UncoveredCases))]
    public void Case_of_a_group_that_is_not_built(GoldenCase golden) => golden.SkipAsNotBuilt($"the group '{golden.Group}'");

    [Test]
    public void Golden_root_holds_cases() => Assert.That(
        Directory.GetDirectories(GoldenCase.Root).SelectMany(f => GoldenCase.Of(Path.GetFileName(f))), Is.Not.Empty);
}

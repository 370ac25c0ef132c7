using System.Text.Json;
using PeftStudio.TestSupport;

namespace PeftStudio.Golden;

/// <summary>
/// One case of the reference implementations: a folder with a <c>case.json</c>. Cases are found by listing folders, in the project's copy
/// or in the folder that the environment variable <c>PEFTSTUDIO_GOLDEN</c> names, so that more can be dropped in without touching a test.
/// </summary>
public sealed class GoldenCase
{
    private GoldenCase(string group, string folder)
    {
        Group = group;
        Folder = folder;
        Json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "case.json"))).RootElement;
    }

    /// <summary>Where groups lie.</summary>
    public static string Root { get; } =
        Environment.GetEnvironmentVariable("PEFTSTUDIO_GOLDEN") is { Length: > 0 } set ? set : TestData.At("golden");

    /// <summary>Folder name of the group.</summary>
    public string Group { get; }

    /// <summary>The case's own folder.</summary>
    public string Folder { get; }

    /// <summary>Folder name of the case.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>The contents of <c>case.json</c>.</summary>
    public JsonElement Json { get; }

    /// <summary>Largest absolute difference that two correct float32 implementations may have.</summary>
    public double Absolute => Tolerance("tolerance", "absolute");

    /// <summary>Largest relative difference.</summary>
    public double Relative => Tolerance("tolerance", "relative");

    /// <summary>A member of a tolerance object, 0 when it is not there.</summary>
    public double Tolerance(string name, string member) =>
        Json.TryGetProperty(name, out var t) && t.TryGetProperty(member, out var v) ? v.GetDouble() : 0;

    /// <summary>A path relative to the case's folder.</summary>
    public string At(string relative) => Path.GetFullPath(Path.Combine(Folder, relative));

    /// <summary>A text field of case.json, or null.</summary>
    public string? Text(string field) =>
        Json.TryGetProperty(field, out var v) && v.ValueKind == JsonValueKind.String ? v.GetString() : null;

    /// <summary>A true field of case.json; false when it is missing.</summary>
    public bool Flag(string field) => Json.TryGetProperty(field, out var v) && v.ValueKind == JsonValueKind.True;

    /// <inheritdoc/>
    public override string ToString() => $"{Group}/{Name}";

    /// <summary>Every case of a group as test data; the name of each test ends with <c>group/case</c>.</summary>
    public static IEnumerable<TestCaseData> Of(string group)
    {
        var folder = Path.Combine(Root, group);
        if (!Directory.Exists(folder)) yield break;
        foreach (var path in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (!File.Exists(Path.Combine(path, "case.json"))) continue;
            var found = new GoldenCase(group, path);
            yield return new TestCaseData(found).SetArgDisplayNames(found.ToString());
        }
    }

    /// <summary>Reports the running test as skipped because the case needs something that is not built yet.</summary>
    public void SkipAsNotBuilt(string part) => Assert.Ignore($"{this} needs {part}, which is not built yet");
}

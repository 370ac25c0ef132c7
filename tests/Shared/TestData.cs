namespace PeftStudio.TestSupport;

/// <summary>Finds the files that tests read: everything lies below <c>tests/data</c> of the clone.</summary>
internal static class TestData
{
    /// <summary>The clone's root: the nearest folder above the test assembly that holds the solution.</summary>
    internal static string Repository { get; } = FindRepository();

    /// <summary><c>tests/data</c>.</summary>
    internal static string Root { get; } = Path.Combine(Repository, "tests", "data");

    /// <summary>A path below <c>tests/data</c>.</summary>
    internal static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PeftStudio.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("PeftStudio.sln was not found above " + AppContext.BaseDirectory);
    }
}

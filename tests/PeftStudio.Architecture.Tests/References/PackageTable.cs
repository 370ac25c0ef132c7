namespace PeftStudio.Architecture;

/// <summary>
/// What each package may reference: the table of docs/architecture.md as data, third-party packages besides. What a package may
/// reference, it may also reach through it.
/// </summary>
internal static class PackageTable
{
    internal const string Page = "docs/architecture.md";

    private const string Facade = "PeftStudio";
    private const string Web = "PeftStudio.AspNetCore";
    private const string Orchestration = "PeftStudio.Orchestration";

    // A package may reference these, and whatever they may reference. The three that see (almost) everything are spelled out below.
    private static readonly Dictionary<string, string[]> Direct = new(StringComparer.Ordinal)
    {
        ["PeftStudio.Abstractions"] = [],
        ["PeftStudio.Formats"] = ["PeftStudio.Abstractions"],
        ["PeftStudio.Engine"] = ["PeftStudio.Formats"],
        ["PeftStudio.Training"] = ["PeftStudio.Engine"],
        ["PeftStudio.Inference"] = ["PeftStudio.Formats"],
        ["PeftStudio.Evaluation"] = ["PeftStudio.Inference", "PeftStudio.Abstractions"],
        ["PeftStudio.Offline"] = ["PeftStudio.Abstractions"],
        ["PeftStudio.Security"] = ["PeftStudio.Abstractions"],
        ["PeftStudio.Connectors"] = ["PeftStudio.Abstractions", "PeftStudio.Security"],
        ["PeftStudio.Connectors.Testing"] = ["PeftStudio.Connectors"],
    };

    private static readonly Dictionary<string, string[]> ThirdParty = new(StringComparer.Ordinal)
    {
        ["PeftStudio.Abstractions"] = [],
        ["PeftStudio.Formats"] = ["Microsoft.ML.Tokenizers", "System.Numerics.Tensors"],
        ["PeftStudio.Engine"] = ["Microsoft.Extensions.Logging.Abstractions", "TorchSharp"],
        ["PeftStudio.Training"] = ["CsvHelper", "Parquet.Net", "ScottPlot", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies"],
        ["PeftStudio.Inference"] = ["Microsoft.Extensions.AI.Abstractions", "System.Numerics.Tensors"],
        [Facade] =
        [
            "Microsoft.Extensions.Configuration.Binder", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Options.ConfigurationExtensions",
            "TorchSharp-cpu", "TorchSharp-cuda-linux", "TorchSharp-cuda-windows",
        ],
    };

    /// <summary>Whether the table has a line for a package.</summary>
    internal static bool Knows(string package) =>
        Direct.ContainsKey(package) || package is Facade or Web or Orchestration || IsPlatform(package);

    /// <summary>Whether one package may reference another.</summary>
    internal static bool MayReference(string from, string to) => from == to || from switch
    {
        Facade or Orchestration => to is not (Web or Facade),
        Web => to is not Facade,
        _ when IsPlatform(from) => to == "PeftStudio.Connectors" || MayReference("PeftStudio.Connectors", to),
        _ => Direct[from].Any(d => d == to || MayReference(d, to)),
    };

    /// <summary>Packages of others that a package may reference directly.</summary>
    internal static IReadOnlyList<string> ThirdPartyOf(string package) => ThirdParty.TryGetValue(package, out var list) ? list : [];

    private static bool IsPlatform(string package) =>
        package.StartsWith("PeftStudio.Connectors.", StringComparison.Ordinal) && !Direct.ContainsKey(package);
}

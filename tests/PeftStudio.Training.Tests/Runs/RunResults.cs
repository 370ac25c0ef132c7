using System.Security.Cryptography;
using System.Text.Json;
using PeftStudio.Training.Runs;

namespace PeftStudio.Training.Tests.Runs;

/// <summary>What two runs must have in common when one of them was interrupted.</summary>
internal static class RunResults
{
    private static readonly string[] Files =
    [
        "adapter/adapter_model.safetensors", "adapter/adapter_config.json",
        $"checkpoints/checkpoint-{TinyRun.Steps}/adapter_model.safetensors", $"checkpoints/checkpoint-{TinyRun.Steps}/optimizer.safetensors",
        $"checkpoints/checkpoint-{TinyRun.Steps}/rng_state.safetensors",
    ];

    /// <summary>Asserts equal bytes of everything that training decides, equal losses of every step, and a folder without leftovers.</summary>
    internal static void AssertSame(string expected, string actual)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var file in Files) Assert.That(Hash(actual, file), Is.EqualTo(Hash(expected, file)), file);
            Assert.That(History(actual), Is.EqualTo(History(expected)), "losses, gradient norms, rates and held-out losses");
            Assert.That(RunRecord.Load(actual).Figures!.HeldoutLossAfter, Is.EqualTo(RunRecord.Load(expected).Figures!.HeldoutLossAfter));
            Assert.That(RunRecord.Load(actual).Figures!.HeldoutLossBefore, Is.EqualTo(RunRecord.Load(expected).Figures!.HeldoutLossBefore));
            AssertNoLeftovers(actual);
        }
    }

    /// <summary>Asserts that no file or folder has a temporary name.</summary>
    internal static void AssertNoLeftovers(string folder) =>
        Assert.That(Directory.EnumerateFileSystemEntries(folder, "*.tmp", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }), Is.Empty, "half-written files");

    internal static string Hash(string folder, string file = "adapter/adapter_model.safetensors") =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, file))));

    private static string History(string folder)
    {
        using var state = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, $"checkpoints/checkpoint-{TinyRun.Steps}/trainer_state.json")));
        return state.RootElement.GetProperty("log_history").GetRawText();
    }
}

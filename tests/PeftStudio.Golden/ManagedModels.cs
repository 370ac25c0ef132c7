using PeftStudio.Formats.Checkpoints;
using PeftStudio.Inference;

namespace PeftStudio.Golden;

/// <summary>Loads models of cases into the managed interpreter; reports what is not built as skipped.</summary>
internal static class ManagedModels
{
    private static readonly string[] NotBuilt = [ErrorCodes.UnknownArchitecture, ErrorCodes.UnsupportedCheckpointForm, ErrorCodes.BlueprintFeatureNotSupported];

    internal static DecodeModel Load(GoldenCase golden, ComputeType type = ComputeType.Float32, string configuration = "config.json", int? context = null)
    {
        try
        {
            using var checkpoint = Checkpoint.Open(golden.Folder, golden.At(configuration));
            return DecodeModel.Load(checkpoint, new() { ComputeType = type, ContextLength = context });
        }
        catch (PeftStudioException e) when (NotBuilt.Contains(e.Code))
        {
            golden.SkipAsNotBuilt($"{e.Summary} ({e.Asked}: {e.Found})");
            throw;
        }
    }
}

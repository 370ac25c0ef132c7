using PeftStudio.Training.Checkpoints;
using PeftStudio.Training.Runs;

namespace PeftStudio.Training.Tests.Checkpoints;

internal static class States
{
    /// <summary>The state that a run's checkpoint holds.</summary>
    internal static TrainingState Read(string output, int step) =>
        CheckpointStore.ReadState(Path.Combine(RunFolder.Checkpoints(output), $"checkpoint-{step}"));
}

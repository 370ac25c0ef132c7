using System.Globalization;
using System.Text.Json;
using PeftStudio.Engine.Adapters;
using PeftStudio.Formats.Adapters;
using PeftStudio.Formats.Files;
using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;
using PeftStudio.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Training.Checkpoints;

/// <summary>
/// Checkpoints of a run, a folder each: adapter, optimizer state, random state, position. A folder gets its final name only when everything
/// in it is flushed to disk, so a checkpoint is whole or not there.
/// </summary>
internal sealed class CheckpointStore(string root)
{
    private const string Prefix = "checkpoint-";
    private const string StateFile = "trainer_state.json";
    private const string OptimizerFile = "optimizer.safetensors";
    private const string RandomFile = "rng_state.safetensors";
    private const string RandomName = "cpu";
    private const string StepName = "step";

    /// <summary>The checkpoint with the most steps, or null.</summary>
    internal string? Latest => Folders().LastOrDefault().Path;

    internal string FolderOf(int step) => Path.Combine(root, Prefix + step.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a checkpoint and removes old ones.</summary>
    /// <returns>Its folder.</returns>
    internal string Save(TrainingState state, Adapter adapter, Optimizer optimizer, int keep)
    {
        var final = FolderOf(state.GlobalStep);
        if (Directory.Exists(final)) return final; // the same step of the same run: the same bytes
        var temporary = Path.Combine(root, $".{Prefix}{state.GlobalStep}.{Guid.NewGuid():N}.tmp");
        try
        {
            adapter.Save(temporary);
            SafetensorsWriter.Write(
                Path.Combine(temporary, OptimizerFile), optimizer.State.Select(s => Engine.TensorTransfer.ToFile(s.Key, s.Value)),
                new Dictionary<string, string> { ["format"] = "pt", [StepName] = optimizer.StepCount.ToString(CultureInfo.InvariantCulture) });
            using (var random = get_rng_state()) SafetensorsWriter.Write(Path.Combine(temporary, RandomFile), [Engine.TensorTransfer.ToFile(RandomName, random)]);
            SafeFile.Write(Path.Combine(temporary, StateFile), s => JsonSerializer.Serialize(s, state, CheckpointJson.Default.TrainingState));
            Directory.Move(temporary, final);
        }
        catch
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            throw;
        }

        Prune(keep, state.BestGlobalStep);
        return final;
    }

    /// <summary>Reads where a checkpoint stands.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.CannotResume"/>.</exception>
    internal static TrainingState ReadState(string folder)
    {
        try
        {
            using var stream = File.OpenRead(Path.Combine(folder, StateFile));
            return JsonSerializer.Deserialize(stream, CheckpointJson.Default.TrainingState) is { LogHistory: not null } state ? state : throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Damaged(folder, e.Message, e);
        }
    }

    /// <summary>Puts optimizer and random state back as they were. The adapter is loaded from the same folder by the caller.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.CannotResume"/>, or what is wrong with one of the files.</exception>
    internal static void Restore(string folder, Optimizer optimizer)
    {
        using var quiet = no_grad();
        using var file = SafetensorsFile.Open(Path.Combine(folder, OptimizerFile));
        if (!file.Metadata.TryGetValue(StepName, out var text) || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step))
        {
            throw Damaged(folder, $"{OptimizerFile} without the number of its step");
        }

        foreach (var (name, tensor) in optimizer.State)
        {
            if (!file.Tensors.TryGetValue(name, out var info) || !info.Shape.SequenceEqual(tensor.shape))
            {
                throw new PeftStudioException(
                    ErrorCodes.CannotResume, "checkpoint lacks optimizer state", $"'{name}' {TensorInfo.FormatShape(tensor.shape)} in {folder}",
                    "it belongs to another optimizer or adapter", "resume with the settings of the interrupted run");
            }

            using var saved = Engine.TensorTransfer.Load(file, name, ScalarType.Float32);
            tensor.copy_(saved);
        }

        optimizer.StepCount = step;
        using var random = SafetensorsFile.Open(Path.Combine(folder, RandomFile));
        using var current = get_rng_state();
        if (!random.Tensors.TryGetValue(RandomName, out var expected) || expected.ByteCount != current.numel()) throw Damaged(folder, $"{RandomFile} without a usable state");
        using var state = Engine.TensorTransfer.Load(random, RandomName, ScalarType.Byte);
        set_rng_state(state);
    }

    /// <summary>Opens a checkpoint's adapter.</summary>
    internal static AdapterFolder OpenAdapter(string folder) => AdapterFolder.Open(folder);

    /// <summary>Removes what a killed process left half written.</summary>
    internal void RemoveLeftovers()
    {
        if (!Directory.Exists(root)) return;
        foreach (var leftover in Directory.GetDirectories(root, $".{Prefix}*.tmp")) Directory.Delete(leftover, recursive: true);
    }

    private void Prune(int keep, int? best)
    {
        var folders = Folders();
        foreach (var (step, path) in folders.Take(Math.Max(0, folders.Length - keep)))
        {
            if (step != best) Directory.Delete(path, recursive: true);
        }

        RemoveLeftovers();
    }

    private static PeftStudioException Damaged(string folder, string found, Exception? cause = null) => new(
        ErrorCodes.CannotResume, "checkpoint is not readable", folder, found, "delete this checkpoint's folder to go on from the one before it", cause);

    private (int Step, string Path)[] Folders() => !Directory.Exists(root)
        ? []
        : [.. Directory.GetDirectories(root, Prefix + "*")
            .Select(p => (Step: int.TryParse(Path.GetFileName(p).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1, Path: p))
            .Where(f => f.Step >= 0 && File.Exists(Path.Combine(f.Path, StateFile)))
            .OrderBy(f => f.Step)];
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeftStudio.Formats.Adapters;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Files;
using PeftStudio.Formats.Tokenizers;
using PeftStudio.Training.Checkpoints;
using PeftStudio.Training.Data;

namespace PeftStudio.Training.Runs;

/// <summary>
/// Everything that can be checked before a weight is read: options, folders, checkpoint headers, dataset, targets, the checkpoint to resume from.
/// What is wrong with a request is found here, before anything is lost.
/// </summary>
internal sealed class RunPreparation : IDisposable
{
    // Models of this size learn with rates that would ruin larger ones.
    private const long SmallModel = 10_000_000;
    private const double LargestRate = 1e-2;

    private RunPreparation(RunRequest request, Checkpoint model, Tokenizer tokenizer, TokenizedDataset data, AdapterTargets targets)
    {
        Request = request;
        Model = model;
        Tokenizer = tokenizer;
        Data = data;
        Targets = targets;
        Options = request.Training;
        Sampler = new BatchSampler(data.Training.Count, Options.BatchSize, Options.GradientAccumulation, Options.Seed);
        Store = new CheckpointStore(RunFolder.Checkpoints(request.Output));
        Fingerprint = ComputeFingerprint(request, model, data);
        var trained = targets.Linears.Sum(l => (long)request.Lora.RankOf(l.Path) * (l.InFeatures + l.OutFeatures));
        var parameters = model.Blueprint.Tensors.Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b));
        if (Options.LearningRate > LargestRate && parameters >= SmallModel) throw RateTooHigh(parameters);
        ResumeFrom = request.Resume ? Store.Latest : null;
        State = ResumeFrom is null ? null : CheckpointStore.ReadState(ResumeFrom);
        if (State is not null && State.RunFingerprint != Fingerprint) throw OtherRun();
        Plan = RunPlan.Make(Options, Sampler, data, targets.Linears.Count, trained, parameters) with { StartStep = State?.GlobalStep ?? 0 };
    }

    internal RunRequest Request { get; }

    internal TrainingOptions Options { get; }

    internal Checkpoint Model { get; }

    internal Tokenizer Tokenizer { get; }

    internal TokenizedDataset Data { get; }

    internal AdapterTargets Targets { get; }

    internal BatchSampler Sampler { get; }

    internal RunPlan Plan { get; }

    internal CheckpointStore Store { get; }

    /// <summary>Identifies model, data and every setting that decides the numbers.</summary>
    internal string Fingerprint { get; }

    /// <summary>Folder of the checkpoint to go on from, or null for a fresh start.</summary>
    internal string? ResumeFrom { get; }

    /// <summary>State of that checkpoint.</summary>
    internal TrainingState? State { get; }

    /// <summary>Id of the token that fills short rows; it is masked and never trained, so any id will do.</summary>
    internal int PadId => Model.Blueprint.PadTokenId ?? Tokenizer.PadTokenId ?? Model.Blueprint.EosTokenIds.Cast<int?>().FirstOrDefault() ?? 0;

    /// <summary>Unusual but usable things.</summary>
    internal IEnumerable<string> Warnings()
    {
        foreach (var warning in Model.Warnings) yield return warning;
        if (Data.Summary.RowsTruncated > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{Data.Summary.RowsTruncated} rows are longer than the longest allowed length and are cut");
        if (Data.Summary.DroppedLines.Count > 0) yield return $"rows without a trained token are left out: lines {string.Join(", ", Data.Summary.DroppedLines.Take(10))}{(Data.Summary.DroppedLines.Count > 10 ? ", …" : string.Empty)}";
        if (Options.BatchSize * Options.GradientAccumulation == 1) yield return "every step sees one row only; gradients will be noisy";
        if (Data.Validation.Count == 0) yield return "no rows are held out: there will be no held-out loss";
    }

    /// <summary>Checks a request.</summary>
    /// <exception cref="PeftStudioException">What is wrong with it.</exception>
    internal static async Task<RunPreparation> PrepareAsync(RunRequest request, CancellationToken cancellationToken)
    {
        request.Training.Validate();
        ValidateLora(request.Lora);
        var model = Checkpoint.Open(request.Model);
        try
        {
            var targets = AdapterTargets.Resolve(model.Blueprint, request.Lora with { BaseModel = request.Lora.BaseModel ?? NameOf(request.Model) });
            SafeFile.RequireWritableFolder(request.Output);
            RequireFresh(request);
            if (request.Resume) RemoveLeftovers(request.Output);
            var tokenizer = Tokenizer.Load(request.Model);
            var data = await ReadDataAsync(request, model, tokenizer, cancellationToken).ConfigureAwait(false);
            return new RunPreparation(request, model, tokenizer, data, targets);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public void Dispose() => Model.Dispose();

    private static async Task<TokenizedDataset> ReadDataAsync(RunRequest request, Checkpoint model, Tokenizer tokenizer, CancellationToken cancellationToken)
    {
        var options = new TokenizationOptions
        {
            MaxLength = request.Training.MaxLength,
            MaxPositions = model.Blueprint.MaxPositions,
            ValidationPart = request.Training.ValidationPart,
            BosToken = tokenizer.Configuration.BosToken,
            EosToken = tokenizer.Configuration.EosToken,
        };
        var file = await DatasetFile.OpenAsync(request.Dataset, cancellationToken: cancellationToken).ConfigureAwait(false);
        var held = request.ValidationDataset is { } path ? await DatasetFile.OpenAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false) : null;
        var data = await TokenizedDataset.CreateAsync(file, tokenizer, options, held, cancellationToken).ConfigureAwait(false);
        if (data.Training.Count == 0)
        {
            throw new PeftStudioException(
                ErrorCodes.EmptyDataset, "no row is left to train on", request.Dataset, $"{data.Validation.Count} rows, all held out", "give more rows, or hold out fewer");
        }

        return data;
    }

    // The folder's name, not its path: an adapter is passed on, and where its base lay on this machine is nobody's business.
    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    private static void ValidateLora(LoraConfiguration lora)
    {
        var faults = new List<string>();
        if (lora.Rank is < 1 or > 256) faults.Add($"Rank = {lora.Rank}; the range is 1 to 256");
        if (lora.Alpha is not (>= 1 and <= 512)) faults.Add(string.Create(CultureInfo.InvariantCulture, $"Alpha = {lora.Alpha}; the range is 1 to 512"));
        if (lora.Dropout is not (>= 0 and < 1)) faults.Add(string.Create(CultureInfo.InvariantCulture, $"Dropout = {lora.Dropout}; the range is 0 to less than 1"));
        faults.AddRange(lora.RankPattern.Where(p => p.Value is < 1 or > 256).Select(p => $"RankPattern '{p.Key}' = {p.Value}; the range is 1 to 256"));
        if (faults.Count == 0) return;
        throw new PeftStudioException(
            ErrorCodes.InvalidOptions, "an adapter option is outside its range", string.Join("\n", faults), "nothing was started", "set each option to a value in its range");
    }

    // A second run into the same folder would mix its checkpoints with those of the first.
    private static void RequireFresh(RunRequest request)
    {
        if (request.Resume) return;
        var record = RunFolder.Record(request.Output);
        var found = File.Exists(record) ? record : new CheckpointStore(RunFolder.Checkpoints(request.Output)).Latest;
        if (found is null) return;
        throw new PeftStudioException(
            ErrorCodes.OutputExists, "output folder holds a run already", request.Output, $"{found} exists; nothing was changed",
            "choose another output folder, resume this run, or delete the folder");
    }

    // What a killed process left half written.
    private static void RemoveLeftovers(string output)
    {
        SafeFile.RemoveLeftovers(output);
        SafeFile.RemoveLeftovers(RunFolder.Adapter(output));
        new CheckpointStore(RunFolder.Checkpoints(output)).RemoveLeftovers();
    }

    private static string ComputeFingerprint(RunRequest request, Checkpoint model, TokenizedDataset data)
    {
        var text = new StringBuilder();
        text.AppendLine(JsonSerializer.Serialize(request.Training with { KeepCheckpoints = 1, SaveSteps = null }, RunJson.Default.TrainingOptions)); // the same text under any culture
        text.AppendLine(CultureInfo.InvariantCulture, $"{data.Fingerprint} {data.ValidationFingerprint}");
        var lora = request.Lora;
        text.AppendLine(CultureInfo.InvariantCulture, $"{lora.Rank} {lora.Alpha} {lora.Dropout} {lora.UseRsLora} {lora.Initialization} {lora.TargetModules} {lora.ExcludeModules}");
        text.AppendJoin(',', lora.RankPattern).AppendJoin(',', lora.AlphaPattern.Select(p => FormattableString.Invariant($"{p.Key}={p.Value}")));
        text.AppendJoin(',', lora.LayersToTransform).AppendJoin(',', lora.LayersPattern).AppendLine();
        foreach (var tensor in model.Blueprint.Tensors) text.AppendLine(CultureInfo.InvariantCulture, $"{tensor.Name} {model.Info(tensor.Name).Type} {model.Info(tensor.Name).ShapeText}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private PeftStudioException OtherRun() => new(
        ErrorCodes.CannotResume, "checkpoint belongs to another run", ResumeFrom!, "its model, data or settings differ from the ones asked for",
        "resume with the settings of the interrupted run (run.json lists them), or start a new run in another folder");

    private PeftStudioException RateTooHigh(long parameters) => new(
        ErrorCodes.InvalidOptions, "an option is outside its range", string.Create(CultureInfo.InvariantCulture, $"LearningRate = {Options.LearningRate}"),
        string.Create(CultureInfo.InvariantCulture, $"the range is 1e-6 to {LargestRate} for a model of {parameters:N0} parameters"), "set LearningRate to a value in its range; 2e-4 is usual for LoRA");
}

using System.Text.Json;
using PeftStudio.Engine;
using PeftStudio.Engine.Adapters;
using PeftStudio.Engine.Models;
using PeftStudio.Formats.Adapters;
using PeftStudio.Formats.Checkpoints;
using PeftStudio.Formats.Safetensors;
using PeftStudio.Formats.Tensors;
using PeftStudio.Training;
using PeftStudio.Training.Data;
using PeftStudio.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Golden.Engine;

/// <summary>Training trajectories of transformers' Trainer, step by step: group <c>training</c> (R5, TRL's SFT rules).</summary>
[TestFixture]
[Category("Golden")]
public sealed class TrainingCases
{
    private static readonly string[] Methods = ["lora", "rslora", "full"];
    private static readonly string[] Optimizers = ["adamw_torch", "sgd"];

    private static IEnumerable<TestCaseData> Cases => GoldenCase.Of("training");

    [OneTimeSetUp]
    public void LoadNativeLibrary() => NativeRuntime.EnsureLoaded();

    [TestCaseSource(nameof(Cases))]
    public void Trajectory_agrees(GoldenCase golden)
    {
        SkipWhatIsNotBuilt(golden);
        var parameters = golden.Json.GetProperty("hyperparameters");
        using var checkpoint = TorchModelCases.OpenOrSkip(golden, Path.Combine(golden.Text("base")!, "config.json"));
        using var model = CausalModel.Load(checkpoint, ComputeType.Float32);
        using var folder = golden.Text("start") is { } start ? OpenAdapterOrSkip(golden, golden.At(start)) : null;
        using var adapter = folder is null ? null : Lora.Load(model, folder);
        using var optimizer = BuildOptimizer(golden, parameters, adapter?.Parameters ?? model.BaseParameters.Select(p => (p.Key, p.Value)));
        using var batches = SafetensorsFile.Open(golden.At("batches.safetensors"));
        var schedule = parameters.GetProperty("schedule");
        var trainer = new Trainer(
            model, optimizer, new LearningRateSchedule(Schedule(golden, schedule), schedule.GetProperty("warmup_steps").GetInt32(), schedule.GetProperty("total_steps").GetInt32()),
            parameters.GetProperty("max_grad_norm").GetDouble(),
            parameters.TryGetProperty("label_smoothing_factor", out var smoothing) ? smoothing.GetDouble() : 0);

        CompareEvaluation(golden, trainer, "before");
        var number = 0;
        foreach (var step in golden.Json.GetProperty("steps").EnumerateArray())
        {
            var result = trainer.Step(BatchesOf(batches, $"step{number:00}.").ToArray());
            var what = $"step {number}";
            GoldenTensors.AssertClose([(float)result.Loss], [step.GetProperty("loss").GetSingle()], golden.Absolute, golden.Relative, what + " loss");
            GoldenTensors.AssertClose(
                [(float)result.GradientNorm], [step.GetProperty("grad_norm").GetSingle()],
                golden.Tolerance("tolerance_grad_norm", "absolute"), golden.Tolerance("tolerance_grad_norm", "relative"), what + " gradient norm");
            Assert.That(result.LearningRate, Is.EqualTo(step.GetProperty("learning_rate").GetDouble()).Within(1e-12), what + " learning rate");
            Assert.That(result.TrainedTokens, Is.EqualTo(step.GetProperty("num_items").GetInt64()), what + " labels");
            number++;
        }

        CompareWeights(golden, optimizer);
        CompareEvaluation(golden, trainer, "after");
    }

    private static void SkipWhatIsNotBuilt(GoldenCase golden)
    {
        var parameters = golden.Json.TryGetProperty("hyperparameters", out var p) ? p : default;
        if (parameters.ValueKind != JsonValueKind.Object || !golden.Json.TryGetProperty("steps", out _)) golden.SkipAsNotBuilt("a statistic of its own");
        if (golden.Text("method") is not { } method || !Methods.Contains(method)) golden.SkipAsNotBuilt($"the method '{golden.Text("method")}'");
        if (golden.Text("base_dtype") != "float32") golden.SkipAsNotBuilt($"training on a {golden.Text("base_dtype")} base");
        var optimizer = parameters.GetProperty("optimizer").GetProperty("name").GetString()!;
        if (!Optimizers.Contains(optimizer)) golden.SkipAsNotBuilt($"the optimizer '{optimizer}'");
        foreach (var name in (string[])["loss_type", "loraplus_lr_ratio", "packing_strategy", "assistant_only_loss"])
        {
            if (parameters.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)) golden.SkipAsNotBuilt($"'{name}': {value}");
        }

        using var batches = SafetensorsFile.Open(golden.At("batches.safetensors"));
        if (batches.Tensors.Keys.Any(k => k.EndsWith(".position_ids", StringComparison.Ordinal))) golden.SkipAsNotBuilt("packed rows");
    }

    private static AdapterFolder OpenAdapterOrSkip(GoldenCase golden, string path)
    {
        try
        {
            return AdapterFolder.Open(path);
        }
        catch (PeftStudioException e) when (e.Code == ErrorCodes.UnsupportedAdapterMethod)
        {
            golden.SkipAsNotBuilt(e.Asked);
            throw;
        }
    }

    private static ScheduleKind Schedule(GoldenCase golden, JsonElement schedule)
    {
        var name = schedule.GetProperty("name").GetString()!;
        if (!ScheduleCases.Kinds.TryGetValue(name, out var kind)) golden.SkipAsNotBuilt($"the schedule '{name}'");
        return kind;
    }

    private static Optimizer BuildOptimizer(GoldenCase golden, JsonElement parameters, IEnumerable<(string Name, Tensor Tensor)> trainable)
    {
        var byName = trainable.ToDictionary(p => p.Name, p => p.Tensor);
        var groups = golden.Json.GetProperty("parameter_groups").EnumerateArray().Select(g =>
        {
            var names = g.GetProperty("params").EnumerateArray().Select(n => n.GetString()!).ToArray();
            foreach (var name in names) byName[name].requires_grad_(true);
            var rate = parameters.GetProperty("optimizer").GetProperty("learning_rate").GetDouble();
            return new ParameterGroup([.. names.Select(n => (n, byName[n]))], rate, g.GetProperty("weight_decay").GetDouble());
        }).ToArray();
        var options = parameters.GetProperty("optimizer");
        if (options.GetProperty("name").GetString() == "sgd") return new Sgd(groups, options.GetProperty("momentum").GetDouble(), options.GetProperty("nesterov").GetBoolean());
        var betas = options.GetProperty("betas");
        return new AdamW(groups, betas[0].GetDouble(), betas[1].GetDouble(), options.GetProperty("eps").GetDouble());
    }

    private static IEnumerable<Batch> BatchesOf(SafetensorsFile file, string prefix)
    {
        var names = file.Tensors.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal) && k.EndsWith(".input_ids", StringComparison.Ordinal))
            .Select(k => k[..^".input_ids".Length]).OrderBy(k => k.Length).ThenBy(k => k, StringComparer.Ordinal);
        foreach (var name in names)
        {
            var shape = file.Shape(name + ".input_ids");
            var ids = file.ReadIntegers(name + ".input_ids");
            var labels = file.ReadIntegers(name + ".labels");
            var mask = file.Has(name + ".attention_mask") ? file.ReadIntegers(name + ".attention_mask") : [.. Enumerable.Repeat(1L, ids.Length)];
            var rows = Enumerable.Range(0, (int)shape[0]).Select(r =>
            {
                var cells = Enumerable.Range(r * (int)shape[1], (int)shape[1]).Where(i => mask[i] == 1).ToArray();
                return new TrainingRow { InputIds = [.. cells.Select(i => (int)ids[i])], Labels = [.. cells.Select(i => (int)labels[i])] };
            });
            yield return Batch.Collate([.. rows], padId: 0);
        }
    }

    private static void CompareEvaluation(GoldenCase golden, Trainer trainer, string when)
    {
        if (!golden.Json.TryGetProperty("evaluation", out var evaluation) || evaluation.ValueKind != JsonValueKind.Object) return;
        var name = evaluation.EnumerateObject().Select(p => p.Name).FirstOrDefault(n => n.Contains("loss", StringComparison.Ordinal) && n.Contains(when, StringComparison.Ordinal))
            ?? (evaluation.TryGetProperty(when, out _) ? when : null);
        if (name is null || evaluation.GetProperty(name).ValueKind != JsonValueKind.Number || !File.Exists(golden.At("eval.safetensors"))) return;
        using var file = SafetensorsFile.Open(golden.At("eval.safetensors"));
        GoldenTensors.AssertClose([(float)trainer.Evaluate(BatchesOf(file, string.Empty))], [evaluation.GetProperty(name).GetSingle()], golden.Absolute, golden.Relative, $"evaluation {when}");
    }

    private static void CompareWeights(GoldenCase golden, Optimizer optimizer)
    {
        using var final = SafetensorsFile.Open(golden.At("final.safetensors"));
        foreach (var (name, tensor) in optimizer.Parameters)
        {
            var stored = final.Has(name) ? name : AdapterFolder.KeyPrefix + name;
            GoldenTensors.AssertClose(
                TorchModelCases.Floats(tensor), final.ReadFloats(stored),
                golden.Tolerance("tolerance_weights", "absolute"), golden.Tolerance("tolerance_weights", "relative"), "final " + name);
        }
    }
}

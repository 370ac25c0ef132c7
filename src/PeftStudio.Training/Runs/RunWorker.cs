using System.Diagnostics;
using PeftStudio.Engine;
using PeftStudio.Engine.Adapters;
using PeftStudio.Engine.Models;
using PeftStudio.Formats.Files;
using PeftStudio.Training.Checkpoints;
using PeftStudio.Training.Data;
using PeftStudio.Training.Optimization;
using PeftStudio.Training.Reports;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Training.Runs;

/// <summary>Trains one run on the engine's thread, from the loaded model to the adapter folder.</summary>
internal sealed class RunWorker(RunPreparation preparation, TrainingRun run, RunControl control, RunEventLog events, TimeProvider clock)
{
    private readonly RunProgress _progress = new(clock, preparation.Plan, preparation.State);

    /// <summary>Runs to the end, or to a stop.</summary>
    /// <returns>The result, or null when the run was stopped.</returns>
    internal TrainedAdapter? Execute()
    {
        run.ChangeState(RunState.Initializing);
        NativeRuntime.EnsureLoaded();
        manual_seed(preparation.Options.Seed);
        foreach (var warning in preparation.Warnings()) events.Add((n, t) => new RunWarning(n, t, warning));
        using var model = CausalModel.Load(preparation.Model, preparation.Options.Precision, cancellationToken: control.Aborted);
        using var adapter = CreateAdapter(model);
        using var optimizer = CreateOptimizer(adapter);
        if (preparation.ResumeFrom is { } folder) CheckpointStore.Restore(folder, optimizer);
        var plan = preparation.Plan;
        var trainer = new Trainer(
            model, optimizer, new LearningRateSchedule(preparation.Options.Schedule, plan.WarmupSteps, plan.TotalSteps),
            preparation.Options.MaxGradientNorm, preparation.Options.LabelSmoothing);

        events.Add((n, t) => new TrainingPlanned(n, t, plan));
        run.ChangeState(RunState.Running);
        if (preparation.State is null) _progress.HeldoutBefore = Evaluate(trainer);
        return Train(trainer, adapter, optimizer) ? Finish(adapter) : null;
    }

    private Adapter CreateAdapter(CausalModel model)
    {
        if (preparation.ResumeFrom is not { } folder) return Lora.Create(model, preparation.Targets.Configuration, preparation.Options.Seed);
        using var saved = CheckpointStore.OpenAdapter(folder);
        return Lora.Load(model, saved);
    }

    private Optimizer CreateOptimizer(Adapter adapter)
    {
        // LoRA factors decay like any matrix; there are no biases or norms among them.
        var groups = new[] { new ParameterGroup([.. adapter.Parameters], preparation.Options.LearningRate, preparation.Options.WeightDecay) };
        return preparation.Options.Optimizer == OptimizerKind.Sgd ? new Sgd(groups) : new AdamW(groups);
    }

    /// <returns>False when the run was stopped.</returns>
    private bool Train(Trainer trainer, Adapter adapter, Optimizer optimizer)
    {
        var plan = preparation.Plan;
        while (trainer.StepsDone < plan.TotalSteps)
        {
            var (epoch, done) = preparation.Sampler.PositionAfter(trainer.StepsDone);
            foreach (var window in preparation.Sampler.Steps(epoch, done))
            {
                if (control.StopRequested) return Stop(adapter, optimizer);
                if (control.PauseRequested) Pause(adapter, optimizer);
                if (control.StopRequested) return Stop(adapter, optimizer);
                Step(trainer, window);
                if (trainer.StepsDone % plan.SaveEvery == 0 && trainer.StepsDone < plan.TotalSteps)
                {
                    Evaluate(trainer);
                    Save(adapter, optimizer);
                }

                if (trainer.StepsDone == plan.TotalSteps) break;
            }
        }

        _progress.HeldoutAfter = Evaluate(trainer);
        Save(adapter, optimizer);
        return true;
    }

    private void Step(Trainer trainer, int[][] window)
    {
        var started = clock.GetTimestamp();
        var batches = window.Select(rows => Batch.Collate([.. rows.Select(r => preparation.Data.Training[r])], preparation.PadId)).ToArray();
        var result = trainer.Step(batches);
        var metrics = _progress.Record(trainer.StepsDone, result, batches.Sum(b => (long)b.Tokens), clock.GetElapsedTime(started));
        events.Add((n, t) => new StepCompleted(n, t, metrics));
    }

    private double? Evaluate(Trainer trainer)
    {
        var rows = preparation.Data.Validation;
        if (rows.Count == 0) return null;
        var loss = trainer.Evaluate(rows.Chunk(preparation.Options.BatchSize).Select(c => Batch.Collate(c, preparation.PadId)), control.Aborted);
        _progress.RecordEvaluation(trainer.StepsDone, loss);
        events.Add((n, t) => new Evaluated(n, t, trainer.StepsDone, loss));
        return loss;
    }

    private string Save(Adapter adapter, Optimizer optimizer)
    {
        var folder = preparation.Store.Save(_progress.ToState(preparation.Fingerprint), adapter, optimizer, preparation.Options.KeepCheckpoints);
        events.Add((n, t) => new CheckpointSaved(n, t, _progress.StepsDone, folder));
        return folder;
    }

    private void Pause(Adapter adapter, Optimizer optimizer)
    {
        run.ChangeState(RunState.Paused, Save(adapter, optimizer));
        control.WaitWhilePaused();
        if (!control.StopRequested) run.ChangeState(RunState.Running);
    }

    private bool Stop(Adapter adapter, Optimizer optimizer)
    {
        Save(adapter, optimizer);
        return false;
    }

    private TrainedAdapter Finish(Adapter adapter)
    {
        var folder = RunFolder.Adapter(preparation.Request.Output);
        var figures = _progress.Figures(preparation.Options.Seed);
        adapter.Save(folder);
        ModelCard.Write(folder, preparation, figures);
        SafeFile.Write(RunFolder.Plot(preparation.Request.Output), stream => stream.Write(LossPlot.Render(_progress.Curve(preparation.Targets.Configuration.BaseModel))));
        RunRecord.Write(preparation.Request, figures);
        return new TrainedAdapter(folder, preparation.Request.Output, preparation.Request.Model, figures);
    }
}

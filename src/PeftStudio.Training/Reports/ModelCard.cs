using System.Globalization;
using System.Text;
using PeftStudio.Formats.Files;
using PeftStudio.Training.Runs;

namespace PeftStudio.Training.Reports;

/// <summary>The model card of an adapter: front matter as PEFT writes it, then what was trained, on what, and what was measured.</summary>
internal static class ModelCard
{
    internal static void Write(string folder, RunPreparation preparation, RunFigures figures) =>
        SafeFile.WriteText(Path.Combine(folder, "README.md"), Text(preparation, figures));

    private static string Text(RunPreparation preparation, RunFigures figures)
    {
        var (options, lora, plan) = (preparation.Options, preparation.Targets.Configuration, preparation.Plan);
        var name = lora.BaseModel;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            ---
            base_model: {name}
            library_name: peft
            pipeline_tag: text-generation
            tags:
            - base_model:adapter:{name}
            - lora
            - transformers
            ---

            # LoRA adapter for {name}

            Trained with PeftStudio on `{Path.GetFileName(preparation.Request.Dataset)}`: {plan.TrainingRows} rows to train on, {plan.ValidationRows} held out.

            ## Results

            | | before | after |
            | --- | ---: | ---: |
            | held-out loss (nats a token) | {Loss(figures.HeldoutLossBefore)} | {Loss(figures.HeldoutLossAfter)} |

            {figures.Steps} optimizer steps in {figures.Seconds:F1} s, {figures.TokensPerSecond:F0} tokens a second, {figures.PeakMemoryMb:F0} MB of memory at most.

            ## Training procedure

            | setting | value |
            | --- | --- |
            | rank, alpha, dropout | {lora.Rank}, {lora.Alpha}, {lora.Dropout} |
            | scaling | {(lora.UseRsLora ? "alpha / sqrt(rank) (rsLoRA)" : "alpha / rank")} |
            | target modules | {lora.TargetModules} |
            | trained parameters | {plan.TrainedParameters:N0} of {plan.ModelParameters + plan.TrainedParameters:N0} |
            | learning rate, schedule | {options.LearningRate}, {options.Schedule.ToString().ToLowerInvariant()} with {plan.WarmupSteps} warm-up steps |
            | rows a step | {options.BatchSize} × {options.GradientAccumulation} |
            | optimizer, decay, clipping | {options.Optimizer}, {options.WeightDecay}, {options.MaxGradientNorm} |
            | precision of the base | {options.Precision.ToString().ToLowerInvariant()} |
            | seed | {options.Seed} |
            | data | SHA-256 {preparation.Data.Fingerprint.Sha256} |

            ## Use

            ```python
            from peft import PeftModel
            model = PeftModel.from_pretrained(base_model, "this/folder")
            ```

            ### Framework versions

            - PEFT {Formats.Adapters.AdapterFolder.PeftVersion}

            """);
        foreach (var (part, version) in figures.Versions) text.Append(CultureInfo.InvariantCulture, $"- {part} {version}\n");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Loss(double? value) => value is { } loss ? loss.ToString("F4", CultureInfo.InvariantCulture) : "–";
}

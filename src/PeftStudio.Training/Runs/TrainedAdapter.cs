namespace PeftStudio.Training.Runs;

/// <summary>The result of a run.</summary>
/// <param name="Folder">The adapter folder: what Hugging Face PEFT would have written, plus a model card.</param>
/// <param name="RunFolder">Folder of the run: record, plot and checkpoints.</param>
/// <param name="BaseModel">Folder of the base model.</param>
/// <param name="Figures">What was measured.</param>
public sealed record TrainedAdapter(string Folder, string RunFolder, string BaseModel, RunFigures Figures);

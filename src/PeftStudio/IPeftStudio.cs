using PeftStudio.Training.Runs;

namespace PeftStudio;

/// <summary>The entry to everything: fine-tune a model, go on with an interrupted run. Thread-safe.</summary>
public interface IPeftStudio : IAsyncDisposable
{
    /// <summary>Begins to describe a fine-tuning. Values of the host's configuration (section <c>PeftStudio</c>) hold unless code sets them.</summary>
    /// <param name="model">Folder of the base model.</param>
    FineTuneBuilder FineTune(string model);

    /// <summary>Goes on with a run that was stopped or killed, from its latest checkpoint, with the settings of its record.</summary>
    /// <param name="runFolder">The run's output folder.</param>
    /// <param name="cancellationToken">Cancels the checks.</param>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.CannotResume"/>, or what is wrong with the files that the run used.</exception>
    Task<TrainingRun> ResumeAsync(string runFolder, CancellationToken cancellationToken = default);
}

namespace PeftStudio.Training.Runs;

/// <summary>States of a run: created → queued → initializing → running ⇄ paused → completed, failed or stopped.</summary>
public enum RunState
{
    /// <summary>Described, not started.</summary>
    Created,

    /// <summary>Waiting for the engine, which trains one run at a time.</summary>
    Queued,

    /// <summary>Loading the model.</summary>
    Initializing,

    /// <summary>Training.</summary>
    Running,

    /// <summary>Halted at a checkpoint; can go on.</summary>
    Paused,

    /// <summary>Finished; final.</summary>
    Completed,

    /// <summary>Ended by an error; final, can be continued from a checkpoint as a new run.</summary>
    Failed,

    /// <summary>Ended on request; final, can be continued from a checkpoint as a new run.</summary>
    Stopped,
}

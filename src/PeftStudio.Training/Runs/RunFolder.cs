namespace PeftStudio.Training.Runs;

/// <summary>Names below the folder of a run.</summary>
public static class RunFolder
{
    /// <summary>The adapter.</summary>
    public static string Adapter(string run) => Path.Combine(run, "adapter");

    /// <summary>Every resolved setting with its origin, and the figures.</summary>
    public static string Record(string run) => Path.Combine(run, "run.json");

    /// <summary>Loss over the steps.</summary>
    public static string Plot(string run) => Path.Combine(run, "loss.png");

    /// <summary>Checkpoints, a folder each.</summary>
    public static string Checkpoints(string run) => Path.Combine(run, "checkpoints");
}

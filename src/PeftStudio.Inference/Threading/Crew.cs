namespace PeftStudio.Inference.Threading;

/// <summary>Who does the work of one forward pass: the team when it is free, else the caller alone.</summary>
internal readonly struct Crew : IDisposable
{
    private readonly ThreadTeam? _team;

    private Crew(ThreadTeam? team) => _team = team;

    /// <summary>Parts of a piece of work.</summary>
    internal int Size => _team?.Size ?? 1;

    internal static Crew Gather(ThreadTeam team) => new(team.TryTake() ? team : null);

    /// <summary>Does a piece of work.</summary>
    /// <param name="share">A local variable of the caller.</param>
    /// <param name="together">False for work that is too small to be worth a second thread.</param>
    internal void Run<TShare>(ref TShare share, bool together = true)
        where TShare : struct, IShare
    {
        if (together && _team is not null) _team.Run(ref share);
        else share.Run(0, 1);
    }

    public void Dispose() => _team?.Release();
}

namespace PeftStudio.Training.Tests.Runs;

/// <summary>
/// The system's clock, which lets a test act on the engine's thread at an exact moment instead of waiting and guessing: a run reads the time stamp
/// at the beginning and at the end of each step, and the time at each event.
/// </summary>
internal sealed class StepClock : TimeProvider
{
    private readonly Dictionary<int, Action> _atStep = [];
    private readonly Dictionary<int, Action> _atEvent = [];
    private int _stamps;
    private int _events;

    /// <summary>Runs an action at the beginning of a step, counted from 1 in this process.</summary>
    internal void AtStep(int step, Action action) => _atStep[step] = action;

    /// <summary>Runs an action when an event is made, before anybody sees it; counted from 0.</summary>
    internal void AtEvent(int number, Action action) => _atEvent[number] = action;

    public override long GetTimestamp()
    {
        var read = Interlocked.Increment(ref _stamps);
        if (read % 2 == 1 && _atStep.TryGetValue((read + 1) / 2, out var action)) action();
        return base.GetTimestamp();
    }

    public override DateTimeOffset GetUtcNow()
    {
        if (_atEvent.TryGetValue(Interlocked.Increment(ref _events) - 1, out var action)) action();
        return base.GetUtcNow();
    }
}

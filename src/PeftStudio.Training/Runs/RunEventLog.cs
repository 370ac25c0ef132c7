using System.Runtime.CompilerServices;

namespace PeftStudio.Training.Runs;

/// <summary>The events of a run in order. Any number of readers follow it, each from where it likes; none delays the run.</summary>
internal sealed class RunEventLog(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly List<TrainingEvent> _events = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _complete;

    internal void Add(Func<long, DateTimeOffset, TrainingEvent> make)
    {
        TaskCompletionSource wake;
        lock (_gate)
        {
            _events.Add(make(_events.Count, clock.GetUtcNow()));
            (wake, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        wake.TrySetResult();
    }

    internal void Complete()
    {
        lock (_gate) _complete = true;
        _changed.TrySetResult();
    }

    internal async IAsyncEnumerable<TrainingEvent> ReadAsync(long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = (int)Math.Min(from, int.MaxValue); ;)
        {
            TrainingEvent[] fresh;
            bool complete;
            Task changed;
            lock (_gate)
            {
                fresh = [.. _events.Skip(next)];
                complete = _complete;
                changed = _changed.Task;
            }

            foreach (var e in fresh) yield return e;
            next += fresh.Length;
            if (fresh.Length > 0) continue;
            if (complete) yield break;
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace PeftStudio.Inference.Threading;

/// <summary>
/// A few threads that wait for short pieces of work: a layer of a small model takes microseconds, less than a thread pool needs to start.
/// Between pieces they spin for some microseconds, then sleep. Nothing is allocated for a piece.
/// </summary>
internal sealed unsafe class ThreadTeam : IDisposable
{
    // About 50 µs on current processors: longer than the gaps inside a forward pass, short enough not to burn a core between tokens.
    private const int SpinsBeforeSleep = 1500;

    private readonly Helper[] _helpers;
    private int _busy;
    private int _generation;
    private int _pending;
    private bool _stopping;
    private delegate*<void*, int, int, void> _work;
    private void* _state;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts the threads.</summary>
    /// <param name="size">Parts of a piece of work, at least 1; one of them is done by the caller.</param>
    internal ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _helpers = new Helper[size - 1];
        for (var i = 0; i < _helpers.Length; i++) _helpers[i] = new Helper(this, i + 1);
    }

    /// <summary>Number of parts.</summary>
    internal int Size => _helpers.Length + 1;

    /// <summary>Takes the team; false when another caller has it, who then works alone, with the same results.</summary>
    internal bool TryTake() => Interlocked.CompareExchange(ref _busy, 1, 0) == 0;

    internal void Release() => Volatile.Write(ref _busy, 0);

    /// <summary>Does a piece of work; returns when all its parts are done. Only for the caller that took the team.</summary>
    /// <param name="share">A local variable of the caller.</param>
    internal void Run<TShare>(ref TShare share)
        where TShare : struct, IShare
    {
        if (_helpers.Length == 0)
        {
            share.Run(0, 1);
            return;
        }

        _failure = null;
        _work = &Invoke<TShare>;
        _state = Unsafe.AsPointer(ref share); // on the caller's stack, which outlives the work
        Volatile.Write(ref _pending, _helpers.Length);
        Interlocked.Increment(ref _generation);
        foreach (var helper in _helpers) helper.Wake();
        try
        {
            share.Run(0, Size);
        }
        finally
        {
            var spin = default(SpinWait);
            while (Volatile.Read(ref _pending) != 0) spin.SpinOnce(sleep1Threshold: -1);
        }

        if (Interlocked.Exchange(ref _failure, null) is { } failure) failure.Throw();
    }

    public void Dispose()
    {
        if (Volatile.Read(ref _stopping)) return;
        Volatile.Write(ref _stopping, true);
        Interlocked.Increment(ref _generation);
        foreach (var helper in _helpers) helper.Wake();
        foreach (var helper in _helpers) helper.Dispose();
    }

    private static void Invoke<TShare>(void* state, int part, int parts)
        where TShare : struct, IShare => Unsafe.AsRef<TShare>(state).Run(part, parts);

    private sealed class Helper : IDisposable
    {
        private readonly ThreadTeam _team;
        private readonly int _part;
        private readonly AutoResetEvent _wake = new(false);
        private readonly Thread _thread;
        private int _asleep;

        internal Helper(ThreadTeam team, int part)
        {
            _team = team;
            _part = part;
            _thread = new Thread(Loop) { IsBackground = true, Name = $"PeftStudio inference {part}" };
            _thread.Start();
        }

        internal void Wake()
        {
            if (Interlocked.Exchange(ref _asleep, 0) == 1) _wake.Set();
        }

        public void Dispose()
        {
            _thread.Join();
            _wake.Dispose();
        }

        private void Loop()
        {
            for (var seen = 0; ;)
            {
                seen = Await(seen);
                if (Volatile.Read(ref _team._stopping)) return;
                try
                {
                    _team._work(_team._state, _part, _team.Size);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref _team._failure, ExceptionDispatchInfo.Capture(e), null);
                }

                Interlocked.Decrement(ref _team._pending);
            }
        }

        private int Await(int seen)
        {
            while (true)
            {
                for (var i = 0; i < SpinsBeforeSleep; i++)
                {
                    if (Volatile.Read(ref _team._generation) is var now && now != seen) return now;
                    Thread.SpinWait(1);
                }

                Interlocked.Exchange(ref _asleep, 1);
                // Either we see the new generation here, or its maker sees that we are asleep.
                if (Volatile.Read(ref _team._generation) == seen || Interlocked.Exchange(ref _asleep, 0) == 0) _wake.WaitOne();
            }
        }
    }
}

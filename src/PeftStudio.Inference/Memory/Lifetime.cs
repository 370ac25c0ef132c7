namespace PeftStudio.Inference.Memory;

/// <summary>
/// Counts who uses native memory. The owner closes it once; what it guards is freed when the last user has left,
/// at once when there is none. Thread-safe.
/// </summary>
internal sealed class Lifetime(Action free)
{
    private readonly Lock _lock = new();
    private int _users;
    private bool _closed;

    /// <summary>Whether the owner has closed it.</summary>
    internal bool IsClosed
    {
        get
        {
            lock (_lock) return _closed;
        }
    }

    /// <summary>Counts a user in; false when it is closed already. Pair with <see cref="Leave"/>.</summary>
    internal bool TryEnter()
    {
        lock (_lock)
        {
            if (_closed) return false;
            _users++;
            return true;
        }
    }

    internal void Leave()
    {
        lock (_lock)
        {
            if (--_users > 0 || !_closed) return;
        }

        free();
    }

    /// <summary>Lets nobody in from now on.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            if (_closed) return;
            _closed = true;
            if (_users > 0) return;
        }

        free();
    }
}

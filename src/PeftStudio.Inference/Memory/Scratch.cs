using System.Numerics;

namespace PeftStudio.Inference.Memory;

/// <summary>A buffer that grows with its largest use and is then reused; contents are undefined after <see cref="Reserve"/>.</summary>
internal sealed unsafe class Scratch<T> : IDisposable
    where T : unmanaged
{
    private NativeBuffer<T>? _buffer;

    /// <summary>Start of what was reserved last.</summary>
    internal T* Start => _buffer is null ? null : _buffer.Start;

    /// <summary>Makes room.</summary>
    /// <param name="length">Number of elements.</param>
    /// <returns>The first of them, valid until the next call.</returns>
    internal T* Reserve(nint length)
    {
        if (_buffer is null || _buffer.Length < length)
        {
            _buffer?.Dispose();
            _buffer = null;
            _buffer = new((nint)BitOperations.RoundUpToPowerOf2((nuint)Math.Max(64, length)));
        }

        return _buffer.Start;
    }

    public void Dispose() => _buffer?.Dispose();
}

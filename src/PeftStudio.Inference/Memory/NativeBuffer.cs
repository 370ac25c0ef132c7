using System.Runtime.InteropServices;

namespace PeftStudio.Inference.Memory;

/// <summary>Memory outside the garbage collector's heap, aligned to a cache line. Its owner disposes it; contents start undefined.</summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint Alignment = 64;

    /// <summary>Allocates a buffer.</summary>
    /// <param name="length">Number of elements, at least 0.</param>
    internal NativeBuffer(nint length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        Start = (T*)NativeMemory.AlignedAlloc(Math.Max(1, checked((nuint)length * (nuint)sizeof(T))), Alignment);
    }

    ~NativeBuffer() => Free();

    /// <summary>First element.</summary>
    internal T* Start { get; private set; }

    /// <summary>Number of elements.</summary>
    internal nint Length { get; }

    /// <summary>A part of the buffer.</summary>
    internal Span<T> Span(nint start, int length)
    {
        ObjectDisposedException.ThrowIf(Start is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((nuint)start, (nuint)(Length - length), nameof(start));
        return new(Start + start, length);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Start);
        Start = null;
    }
}

using System.IO.MemoryMappedFiles;

namespace PeftStudio.Formats.Files;

/// <summary>A read-only memory-mapped file with bounds-checked copies; pages are read when they are touched.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _start;
    private int _disposed;

    private MappedFile(string path, long length, MemoryMappedFile? file)
    {
        Path = path;
        Length = length;
        _file = file;
        if (file is null) return;
        _view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _start = pointer + _view.PointerOffset;
    }

    internal string Path { get; }

    internal long Length { get; }

    internal static MappedFile Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PeftStudioException(
                ErrorCodes.FileNotFound, "file not found", path, "no file of that name", "check the path", e);
        }

        // An empty file cannot be mapped; it is still a file, whose format then finds it too short.
        if (stream.Length == 0)
        {
            stream.Dispose();
            return new MappedFile(path, 0, null);
        }

        var length = stream.Length;
        var mapped = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        return new MappedFile(path, length, mapped);
    }

    internal void Read(long offset, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - destination.Length, nameof(offset));
        if (destination.Length > 0) new ReadOnlySpan<byte>(_start + offset, destination.Length).CopyTo(destination);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0 || _view is null) return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file!.Dispose();
    }
}

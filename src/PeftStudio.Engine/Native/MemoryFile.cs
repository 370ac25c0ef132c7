using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PeftStudio.Engine.Native;

/// <summary>A file without a name in any folder (Linux, <c>memfd_create(2)</c>). What was loaded from it stays after it is closed.</summary>
internal sealed partial class MemoryFile : IDisposable
{
    private const uint CloseOnExec = 1;

    private readonly SafeFileHandle _file;

    private MemoryFile(SafeFileHandle file) => _file = file;

    /// <summary>A path by which this process, and only this process, opens the file.</summary>
    internal string Path => $"/proc/self/fd/{_file.DangerousGetHandle()}";

    /// <summary>A file with this content, or null where the system refuses one.</summary>
    internal static MemoryFile? TryCreate(string name, ReadOnlySpan<byte> content)
    {
        var descriptor = MemfdCreate(name, CloseOnExec);
        if (descriptor < 0) return null;
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(file, content, 0);
        return new MemoryFile(file);
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MemfdCreate(string name, uint flags);
}

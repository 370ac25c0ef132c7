using System.Runtime.InteropServices;
using PeftStudio.Engine.Native.Elf;

namespace PeftStudio.Engine.Native;

/// <summary>Versions of the C and C++ libraries of a Linux system.</summary>
internal static unsafe class SystemLibraries
{
    private const string VersionPrefix = "GLIBCXX_";

    /// <summary>One line, such as <c>glibc 2.36; /lib/x86_64-linux-gnu/libstdc++.so.6 up to GLIBCXX_3.4.30</c>.</summary>
    internal static string Describe() => $"glibc {GlibcVersion() ?? "is not the C library here"}; {StandardLibrary()}";

    private static string? GlibcVersion() =>
        NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "gnu_get_libc_version", out var function)
            ? Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)function)())
            : null;

    private static string StandardLibrary()
    {
        if (LoadedStandardLibrary.FindPath() is not { } path) return $"no {LibTorchSharpRepair.StandardLibrary}";
        try
        {
            var newest = ElfVersions.Definitions(ElfImage.Parse(path, ElfImage.ReadFile(path)))
                .Where(name => name.StartsWith(VersionPrefix, StringComparison.Ordinal))
                .Select(name => Version.TryParse(name[VersionPrefix.Length..], out var version) ? version : new Version(0, 0))
                .Max();
            return $"{path} up to {VersionPrefix}{newest}";
        }
        catch (Exception e) when (e is PeftStudioException or IOException or UnauthorizedAccessException)
        {
            return $"{path}, which cannot be read";
        }
    }
}

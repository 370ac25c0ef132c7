using System.Runtime.InteropServices;
using PeftStudio.Engine.Native.Elf;

namespace PeftStudio.Engine.Native;

/// <summary>
/// The libstdc++ that this process uses. The .NET runtime has loaded it before any managed code runs, and the loader takes the same
/// one for every library that asks for libstdc++.so.6; so its file is asked of the loader, not guessed from folders.
/// </summary>
internal static unsafe class LoadedStandardLibrary
{
    /// <summary>A symbol of every libstdc++ since GCC 3.4; the repair puts it in the place of the missing one.</summary>
    private const string Symbol = "_ZNSt8ios_base4InitC1Ev";

    /// <summary>The versions that LibTorchSharp needs of libstdc++ and that this process does not have; and the file that lacks them.</summary>
    internal static (IReadOnlyList<string> Missing, string? Path) WhatLacks(string torchSharpPath, byte[] torchSharp)
    {
        if (FindPath() is not { } path) return ([], null);
        var defined = ElfVersions.Definitions(ElfImage.Parse(path, ElfImage.ReadFile(path)));
        return ([.. ElfVersions.Needs(ElfImage.Parse(torchSharpPath, torchSharp))
            .Where(need => need.Library == LibTorchSharpRepair.StandardLibrary && !defined.Contains(need.Version))
            .Select(need => need.Version)], path);
    }

    /// <summary>Path of the file, or null where there is no libstdc++ or no <c>dladdr</c>.</summary>
    internal static string? FindPath()
    {
        if (!NativeLibrary.TryLoad(LibTorchSharpRepair.StandardLibrary, out var library)
            || !NativeLibrary.TryGetExport(library, Symbol, out var address)
            || !NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "dladdr", out var dladdr)) return null;
        var info = default(SymbolInformation);
        return ((delegate* unmanaged<nint, SymbolInformation*, int>)dladdr)(address, &info) != 0 ? Marshal.PtrToStringUTF8(info.FileName) : null;
    }

    /// <summary>glibc's <c>Dl_info</c>.</summary>
    private struct SymbolInformation
    {
        internal nint FileName;
        internal nint FileBase;
        internal nint SymbolName;
        internal nint SymbolAddress;
    }
}

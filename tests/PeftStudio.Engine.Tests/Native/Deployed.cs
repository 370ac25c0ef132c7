using PeftStudio.Engine.Native;
using PeftStudio.Engine.Native.Elf;

namespace PeftStudio.Engine.Tests.Native;

/// <summary>The LibTorchSharp that the build deployed with the tests.</summary>
internal static class Deployed
{
    internal static string LibTorchSharp { get; } = NativeFiles.Find(new NativeRuntimeOptions()).TorchSharp;

    /// <summary>Whether this system is one that LibTorchSharp does not load on as it is.</summary>
    internal static bool NeedsRepair { get; } = OperatingSystem.IsLinux()
        && LoadedStandardLibrary.WhatLacks(LibTorchSharp, ElfImage.ReadFile(LibTorchSharp)).Missing is [LibTorchSharpRepair.NewVersion];

    internal static void AssumeNeedsRepair() => Assume.That(NeedsRepair, "LibTorchSharp loads on this system as it is.");
}

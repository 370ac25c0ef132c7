using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TorchSharp;

namespace PeftStudio.Engine.Tests.Native;

/// <summary>What the test assembly does when it is started as a program: load libtorch by the given options, add six ones, and say how it went.</summary>
internal static class ChildProgram
{
    /// <param name="arguments">Cache folder and library folder; an empty one is left at its default.</param>
    internal static int Main(string[] arguments)
    {
        var options = new NativeRuntimeOptions { CacheFolder = Folder(arguments, 0), LibraryFolder = Folder(arguments, 1) };
        var logger = new CountingLogger();
        try
        {
            var info = NativeRuntime.EnsureLoaded(options, logger);
            NativeRuntime.EnsureLoaded(options, logger);
            Console.WriteLine($"{info.Repair}\n{info.LibraryPath}\n{logger.Count} logged\nsum {SumOfOnes()}");
            return 0;
        }
        catch (PeftStudioException e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
    }

    private static string? Folder(string[] arguments, int index) => arguments.Length > index && arguments[index].Length > 0 ? arguments[index] : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float SumOfOnes()
    {
        using var ones = torch.ones(2, 3);
        using var sum = ones.sum();
        return sum.item<float>();
    }

    private sealed class CountingLogger : ILogger
    {
        internal int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count++;
    }
}

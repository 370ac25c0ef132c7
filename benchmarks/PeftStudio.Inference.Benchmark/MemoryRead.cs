using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PeftStudio.Inference.Benchmark;

/// <summary>How fast threads read memory that they do nothing with: the limit of decoding.</summary>
internal static unsafe class MemoryRead
{
    /// <summary>Best of some rounds, in GB/s.</summary>
    internal static double Measure(long bytes, int threads)
    {
        var share = (nuint)(bytes / threads / 4096 * 4096);
        var buffer = (byte*)NativeMemory.AlignedAlloc(share * (nuint)threads, 4096);
        NativeMemory.Fill(buffer, share * (nuint)threads, 1);
        var best = 0.0;
        for (var round = 0; round < 8; round++)
        {
            var start = TimeProvider.System.GetTimestamp();
            var workers = Enumerable.Range(0, threads).Select(t => new Thread(() => Read(buffer + ((nuint)t * share), share))).ToArray();
            foreach (var worker in workers) worker.Start();
            foreach (var worker in workers) worker.Join();
            best = Math.Max(best, share * (double)threads / TimeProvider.System.GetElapsedTime(start).TotalSeconds / 1e9);
        }

        NativeMemory.AlignedFree(buffer);
        return best;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]
    private static void Read(byte* start, nuint length)
    {
        Vector512<byte> a = default, b = default, c = default, d = default;
        for (nuint i = 0; i < length; i += 256)
        {
            a |= Vector512.Load(start + i);
            b |= Vector512.Load(start + i + 64);
            c |= Vector512.Load(start + i + 128);
            d |= Vector512.Load(start + i + 192);
        }

        if (Vector512.Sum((a | b | c | d).AsUInt64()) == 42) Console.WriteLine();
    }
}

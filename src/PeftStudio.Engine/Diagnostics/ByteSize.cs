using System.Globalization;

namespace PeftStudio.Engine.Diagnostics;

/// <summary>Sizes as people read them.</summary>
internal static class ByteSize
{
    /// <summary>A size in GiB or MiB with one decimal, such as <c>3.5 GiB</c>.</summary>
    internal static string Text(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):F1} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):F1} MiB");
}

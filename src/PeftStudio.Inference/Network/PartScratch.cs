using PeftStudio.Inference.Memory;

namespace PeftStudio.Inference.Network;

/// <summary>Float32 memory of one part of a piece of work.</summary>
/// <remarks>
/// Rows that are summed up start at the start of a buffer or a multiple of 16 values behind it: the order in which TensorPrimitives adds depends
/// on the alignment of its input, and a row's result must not depend on where it stands.
/// </remarks>
internal sealed class PartScratch : IDisposable
{
    /// <summary>Rows of activations that are worked on.</summary>
    internal Scratch<float> Row { get; } = new();

    /// <summary>Queries of one key/value head.</summary>
    internal Scratch<float> Queries { get; } = new();

    /// <summary>Attention scores of those.</summary>
    internal Scratch<float> Scores { get; } = new();

    public void Dispose()
    {
        Row.Dispose();
        Queries.Dispose();
        Scores.Dispose();
    }
}

namespace PeftStudio.Inference.Kernels;

/// <summary>Matrices lie in panels of 16 rows, one vector of 16 float32 lanes a column: a thread's share is one ascending stream of memory.</summary>
internal static class PanelLayout
{
    /// <summary>Rows of a panel.</summary>
    internal const int Rows = 16;

    /// <summary>Partial sums of a product: column c adds to sum c mod 4, which hides the latency of the multiply-add.</summary>
    internal const int Chains = 4;

    /// <summary>Panels that hold this many rows.</summary>
    internal static int Count(int rows) => (rows + Rows - 1) / Rows;
}

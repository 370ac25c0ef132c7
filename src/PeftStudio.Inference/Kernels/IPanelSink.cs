namespace PeftStudio.Inference.Kernels;

/// <summary>Takes the results of a panel product: adds a bias, rounds, stores.</summary>
internal unsafe interface IPanelSink
{
    /// <summary>Takes 16 results.</summary>
    /// <param name="row">Input row.</param>
    /// <param name="panel">Index of the panel: result i belongs to its row i, which need not exist in the last panel.</param>
    /// <param name="values">The results; may be changed.</param>
    void Take(int row, int panel, float* values);
}

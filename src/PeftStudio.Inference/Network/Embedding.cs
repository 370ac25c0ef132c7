using System.Numerics.Tensors;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Kernels;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Network;

/// <summary>The first hidden state: the row of each id, times a constant that is rounded to the element type first, as Gemma does.</summary>
/// <param name="blueprint">Width and constant.</param>
/// <param name="table">[V, E].</param>
internal sealed unsafe class Embedding<T>(EmbeddingBlueprint blueprint, PanelMatrix<T> table) : IDisposable
    where T : unmanaged, IElement<T>
{
    internal PanelMatrix<T> Table => table;

    /// <summary>Looks the ids of a pass up.</summary>
    /// <param name="pass">The pass; ids are inside the vocabulary.</param>
    /// <param name="hidden">[rows, E].</param>
    internal void Run(Pass<T> pass, T* hidden)
    {
        var width = blueprint.Width;
        var scale = T.Round(blueprint.Scale);
        var row = new Span<float>(pass.Parts[0].Row.Reserve(width), width);
        for (var i = 0; i < pass.Rows; i++)
        {
            table.CopyRow(pass.Ids[i], row);
            if (scale != 1) TensorPrimitives.Multiply(row, scale, row);
            T.Narrow(row, new Span<T>(hidden + ((nint)i * width), width));
        }
    }

    public void Dispose() => table.Dispose();
}

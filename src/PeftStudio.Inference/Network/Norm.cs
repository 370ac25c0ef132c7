using System.Numerics.Tensors;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Memory;
using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Threading;

namespace PeftStudio.Inference.Network;

/// <summary>A norm over the last axis, in float32, with the roundings where the reference has its casts.</summary>
/// <param name="blueprint">Formula and ε.</param>
/// <param name="weight">As many values as the axis has, in float32.</param>
/// <param name="bias">The same, or null.</param>
internal sealed unsafe class Norm<T>(NormBlueprint blueprint, float[] weight, float[]? bias)
    where T : unmanaged, IElement<T>
{
    private const int WorthSharing = 16_384;

    internal long Bytes => (weight.Length + (bias?.Length ?? 0)) * sizeof(float);

    /// <summary>Normalises every row of a pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="input">[rows, width].</param>
    /// <param name="output">The same; may be the input.</param>
    internal void Run(Pass<T> pass, T* input, T* output)
    {
        var share = new Share(this, pass, input, output);
        pass.Crew.Run(ref share, pass.Rows * blueprint.Width >= WorthSharing);
    }

    /// <summary>Normalises one row in float32; the result is rounded to the element type.</summary>
    internal void Normalise(Span<float> row)
    {
        switch (blueprint.Kind)
        {
            case NormKind.Rms:
                DivideByRootMeanSquare(row);
                T.Round(row);
                TensorPrimitives.Multiply(row, weight, row);
                break;
            case NormKind.RmsCastLast:
                DivideByRootMeanSquare(row);
                TensorPrimitives.Multiply(row, weight, row);
                break;
            case NormKind.RmsOnePlus:
                DivideByRootMeanSquare(row);
                TensorPrimitives.MultiplyAdd(row, weight, row, row);
                break;
            case NormKind.Layer:
                TensorPrimitives.Subtract(row, TensorPrimitives.Sum<float>(row) / row.Length, row);
                DivideByRootMeanSquare(row);
                TensorPrimitives.Multiply(row, weight, row);
                break;
            default:
                throw InferenceErrors.UnknownFeature("norm", blueprint.Kind);
        }

        if (bias is not null) TensorPrimitives.Add(row, bias, row);
        T.Round(row);
    }

    private void DivideByRootMeanSquare(Span<float> row)
    {
        var meanSquare = TensorPrimitives.SumOfSquares<float>(row) / row.Length;
        TensorPrimitives.Multiply(row, 1 / MathF.Sqrt(meanSquare + blueprint.Epsilon), row);
    }

    private readonly struct Share(Norm<T> norm, Pass<T> pass, T* input, T* output) : IShare
    {
        public void Run(int part, int parts)
        {
            var width = norm.Width;
            var row = new Span<float>(pass.Parts[part].Row.Reserve(width), width);
            for (var i = part; i < pass.Rows; i += parts)
            {
                T.Widen(new ReadOnlySpan<T>(input + ((nint)i * width), width), row);
                norm.Normalise(row);
                T.Narrow(row, new Span<T>(output + ((nint)i * width), width));
            }
        }
    }

    private int Width => blueprint.Width;
}

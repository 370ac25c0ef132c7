using System.Numerics.Tensors;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Kernels;

namespace PeftStudio.Inference.Network;

/// <summary>Non-linear functions in float32, in place.</summary>
internal static class ActivationFunction
{
    /// <summary>Applies a function to every value.</summary>
    /// <param name="function">Which one.</param>
    /// <param name="values">Input and result.</param>
    /// <param name="scratch">As many values of memory.</param>
    internal static void Apply(Activation function, Span<float> values, Span<float> scratch)
    {
        switch (function)
        {
            case Activation.Silu:
                TensorPrimitives.Sigmoid<float>(values, scratch);
                TensorPrimitives.Multiply(values, scratch, values);
                break;
            case Activation.Gelu:
                TensorPrimitives.Multiply(values, 1 / MathF.Sqrt(2), scratch);
                ErrorFunction.Apply(scratch);
                Halve(values, scratch);
                break;
            case Activation.GeluTanh:
                // √(2/π) · (x + 0.044715 x³)
                TensorPrimitives.Multiply(values, values, scratch);
                TensorPrimitives.Multiply(scratch, 0.044715f, scratch);
                TensorPrimitives.Add(scratch, 1f, scratch);
                TensorPrimitives.Multiply(scratch, values, scratch);
                TensorPrimitives.Multiply(scratch, MathF.Sqrt(2 / MathF.PI), scratch);
                TensorPrimitives.Tanh<float>(scratch, scratch);
                Halve(values, scratch);
                break;
            case Activation.Relu:
                TensorPrimitives.Max(values, 0f, values);
                break;
            case Activation.ReluSquared:
                TensorPrimitives.Max(values, 0f, values);
                TensorPrimitives.Multiply(values, values, values);
                break;
            default:
                throw InferenceErrors.UnknownFeature("activation", function);
        }
    }

    // ½ · x · (1 + g)
    private static void Halve(Span<float> values, Span<float> g)
    {
        TensorPrimitives.Add(g, 1f, g);
        TensorPrimitives.Multiply(values, g, values);
        TensorPrimitives.Multiply(values, 0.5f, values);
    }
}

using System.Numerics.Tensors;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Numerics;

namespace PeftStudio.Inference.Network;

/// <summary>Scores over the vocabulary, computed in the element type and handed out as float32.</summary>
internal sealed unsafe class Head<T>
    where T : unmanaged, IElement<T>
{
    private readonly float _scale;
    private readonly int _vocabulary;
    private readonly LinearGroup<T> _linear;

    /// <param name="blueprint">Constant on the scores.</param>
    /// <param name="linear">E → V.</param>
    internal Head(HeadBlueprint blueprint, Linear<T> linear)
    {
        _scale = blueprint.LogitScale;
        _vocabulary = linear.OutFeatures;
        _linear = new(linear);
    }

    /// <summary>Scores the rows of a pass.</summary>
    /// <param name="pass">The pass, reduced to the rows that are wanted.</param>
    /// <param name="hidden">[rows, E], after the final norm.</param>
    /// <param name="logits">[rows, V].</param>
    internal void Run(Pass<T> pass, T* hidden, Span<float> logits)
    {
        var length = checked(pass.Rows * _vocabulary);
        var scores = pass.Scores.Reserve(length);
        _linear.Run(pass, hidden, scores);
        T.Widen(new ReadOnlySpan<T>(scores, length), logits[..length]);
        if (_scale == 1) return;
        TensorPrimitives.Multiply(logits[..length], _scale, logits[..length]);
        T.Round(logits[..length]);
    }
}

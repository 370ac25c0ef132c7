using System.Numerics.Tensors;
using PeftStudio.Formats.Blueprints;
using PeftStudio.Inference.Numerics;
using PeftStudio.Inference.Threading;

namespace PeftStudio.Inference.Network;

/// <summary>Gated feed-forward part: <c>down(act(gate(x)) ⊙ up(x))</c>.</summary>
internal sealed unsafe class FeedForward<T>
    where T : unmanaged, IElement<T>
{
    private const int WorthSharing = 8_192;

    private readonly Activation _activation;
    private readonly int _width;
    private readonly LinearGroup<T> _gateAndUp;
    private readonly LinearGroup<T> _down;

    /// <param name="blueprint">Function and names.</param>
    /// <param name="linears">Finds the linears.</param>
    internal FeedForward(MlpBlueprint blueprint, Func<LinearBlueprint, Linear<T>> linears)
    {
        _activation = blueprint.Activation;
        _width = blueprint.Gate.OutFeatures;
        _gateAndUp = new(linears(blueprint.Gate), linears(blueprint.Up));
        _down = new(linears(blueprint.Down));
    }

    /// <summary>Runs all rows of a pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="input">[rows, E].</param>
    /// <param name="output">[rows, E].</param>
    internal void Run(Pass<T> pass, T* input, T* output)
    {
        var gate = pass.Gate.Reserve((nint)pass.Rows * _width);
        var up = pass.Up.Reserve((nint)pass.Rows * _width);
        _gateAndUp.Run(pass, input, gate, up);
        var share = new GateShare(this, pass, gate, up);
        pass.Crew.Run(ref share, pass.Rows > 1 && pass.Rows * _width >= WorthSharing);
        _down.Run(pass, gate, output);
    }

    /// <summary>gate = act(gate) ⊙ up; both factors and the product are rounded.</summary>
    private readonly struct GateShare(FeedForward<T> part, Pass<T> pass, T* gate, T* up) : IShare
    {
        public void Run(int index, int parts)
        {
            var width = part._width;
            var memory = pass.Parts[index].Row.Reserve(2 * width);
            var values = new Span<float>(memory, width);
            var factors = new Span<float>(memory + width, width);
            for (var i = index; i < pass.Rows; i += parts)
            {
                var target = new Span<T>(gate + ((nint)i * width), width);
                T.Widen(target, values);
                ActivationFunction.Apply(part._activation, values, factors);
                T.Round(values);
                T.Widen(new ReadOnlySpan<T>(up + ((nint)i * width), width), factors);
                TensorPrimitives.Multiply(values, factors, values);
                T.Narrow(values, target);
            }
        }
    }
}

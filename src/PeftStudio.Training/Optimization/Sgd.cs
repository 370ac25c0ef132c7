using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Training.Optimization;

/// <summary>Stochastic gradient descent with optional momentum (Nesterov's on request), as <c>torch.optim.SGD</c>: decay is added to the gradient.</summary>
internal sealed class Sgd(IReadOnlyList<ParameterGroup> groups, double momentum = 0, bool nesterov = false) : Optimizer(groups)
{
    private readonly Dictionary<string, Tensor> _state = new(StringComparer.Ordinal);

    internal override IReadOnlyDictionary<string, Tensor> State => Buffers();

    protected override void Update(string name, Tensor parameter, Tensor gradient, double rate, double decay)
    {
        var direction = decay == 0 ? gradient : gradient.add(parameter, decay);
        if (momentum != 0)
        {
            var buffer = Buffers()[BufferName(name)];
            buffer.mul_(momentum).add_(direction);
            direction = nesterov ? direction.add(buffer, momentum) : buffer;
        }

        parameter.add_(direction, -rate);
    }

    // Made at first use: a zero buffer times momentum plus the first gradient is the first gradient, as in torch.
    private Dictionary<string, Tensor> Buffers()
    {
        if (momentum != 0 && _state.Count == 0)
        {
            foreach (var (name, parameter) in Parameters) _state[BufferName(name)] = zeros_like(parameter, ScalarType.Float32).DetachFromDisposeScope();
        }

        return _state;
    }

    private static string BufferName(string name) => "momentum_buffer." + name;
}

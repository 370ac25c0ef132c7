using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Training.Optimization;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019), in the order of operations of <c>torch.optim.AdamW</c>.</summary>
internal sealed class AdamW : Optimizer
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly Dictionary<string, Tensor> _state = new(StringComparer.Ordinal);

    internal AdamW(IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : base(groups)
    {
        (_beta1, _beta2, _epsilon) = (beta1, beta2, epsilon);
        foreach (var (name, parameter) in Parameters)
        {
            _state[FirstMoment(name)] = zeros_like(parameter, ScalarType.Float32).DetachFromDisposeScope();
            _state[SecondMoment(name)] = zeros_like(parameter, ScalarType.Float32).DetachFromDisposeScope();
        }
    }

    internal override IReadOnlyDictionary<string, Tensor> State => _state;

    protected override void Update(string name, Tensor parameter, Tensor gradient, double rate, double decay)
    {
        var first = _state[FirstMoment(name)];
        var second = _state[SecondMoment(name)];
        if (decay != 0) parameter.mul_(1 - (rate * decay));
        first.lerp_(gradient, 1 - _beta1);
        second.mul_(_beta2).addcmul_(gradient, gradient, 1 - _beta2);
        var firstCorrection = 1 - Math.Pow(_beta1, StepCount);
        var secondCorrection = 1 - Math.Pow(_beta2, StepCount);
        var denominator = second.sqrt().div_(Math.Sqrt(secondCorrection)).add_(_epsilon);
        parameter.addcdiv_(first, denominator, -rate / firstCorrection);
    }

    private static string FirstMoment(string name) => "exp_avg." + name;

    private static string SecondMoment(string name) => "exp_avg_sq." + name;
}

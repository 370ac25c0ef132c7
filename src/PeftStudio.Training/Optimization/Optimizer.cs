using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Training.Optimization;

/// <summary>
/// Changes parameters by their gradients. The state is float32, lies in named tensors and is part of a checkpoint, so that a resumed
/// training makes the same steps bit for bit.
/// </summary>
internal abstract class Optimizer(IReadOnlyList<ParameterGroup> groups) : IDisposable
{
    internal IReadOnlyList<ParameterGroup> Groups => groups;

    /// <summary>Every parameter of every group.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> Parameters => groups.SelectMany(g => g.Parameters);

    /// <summary>Optimizer steps made.</summary>
    internal long StepCount { get; set; }

    /// <summary>State tensors by name, such as <c>exp_avg.model.layers.0.self_attn.q_proj.lora_A.weight</c>.</summary>
    internal abstract IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>One step of every parameter that has a gradient.</summary>
    /// <param name="factor">The schedule's factor on each group's rate.</param>
    internal void Step(double factor)
    {
        StepCount++;
        using var quiet = no_grad();
        foreach (var group in groups)
        {
            foreach (var (name, parameter) in group.Parameters)
            {
                using var scope = NewDisposeScope();
                if (parameter.grad is { } gradient) Update(name, parameter, gradient, group.LearningRate * factor, group.WeightDecay);
            }
        }
    }

    /// <summary>Sets every gradient to zero.</summary>
    internal void ZeroGradients()
    {
        using var quiet = no_grad();
        foreach (var (_, parameter) in Parameters)
        {
            using var gradient = parameter.grad;
            gradient?.zero_();
        }
    }

    /// <summary>Changes one parameter in place.</summary>
    protected abstract void Update(string name, Tensor parameter, Tensor gradient, double rate, double decay);

    public void Dispose()
    {
        foreach (var tensor in State.Values) tensor.Dispose();
    }
}

using static TorchSharp.torch;

namespace PeftStudio.Training.Optimization;

/// <summary>Parameters that are trained with one learning rate and one weight decay.</summary>
/// <param name="Parameters">Leaf tensors by name.</param>
/// <param name="LearningRate">Rate before the schedule's factor.</param>
/// <param name="WeightDecay">Decoupled decay.</param>
internal sealed record ParameterGroup(IReadOnlyList<(string Name, Tensor Tensor)> Parameters, double LearningRate, double WeightDecay);

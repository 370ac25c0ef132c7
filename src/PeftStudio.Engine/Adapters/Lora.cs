using PeftStudio.Engine.Models;
using PeftStudio.Formats.Adapters;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Adapters;

/// <summary>Makes LoRA adapters: fresh ones, and ones that PEFT or PeftStudio saved.</summary>
internal static class Lora
{
    /// <summary>Puts a fresh adapter on a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="configuration">Targets, rank, scaling, initialisation.</param>
    /// <param name="seed">Seed of the start values.</param>
    /// <exception cref="PeftStudioException">The targets match nothing, or the configuration contradicts itself.</exception>
    internal static Adapter Create(CausalModel model, LoraConfiguration configuration, long seed)
    {
        var targets = AdapterTargets.Resolve(model.Blueprint, configuration);
        using var generator = new Generator((ulong)seed);
        var patches = new List<(TorchLinear, ILinearPatch)>(targets.Linears.Count);
        foreach (var target in targets.Linears)
        {
            var rank = configuration.RankOf(target.Path);
            var down = Start(configuration.Initialization, rank, target.InFeatures, target.InFeatures, generator);
            var up = configuration.Initialization == LoraInitialization.Random
                ? Uniform(target.OutFeatures, rank, 1 / Math.Sqrt(rank), generator)
                : zeros(target.OutFeatures, rank, ScalarType.Float32);
            patches.Add((model.Linears[target.Path], new LoraPatch(
                down.DetachFromDisposeScope(), up.DetachFromDisposeScope(), configuration.ScalingOf(target.Path), configuration.Dropout)));
        }

        return new Adapter(model, targets.Configuration, patches);
    }

    /// <summary>Puts a saved adapter on a model, its factors in float32.</summary>
    /// <exception cref="PeftStudioException"><see cref="ErrorCodes.AdapterDoesNotFit"/>; the model is unchanged.</exception>
    internal static Adapter Load(CausalModel model, AdapterFolder folder)
    {
        var patches = new List<(TorchLinear, ILinearPatch)>();
        using var quiet = no_grad();
        foreach (var factors in LoraFactors.Of(folder, model.Blueprint))
        {
            var down = TensorTransfer.Load(folder.Weights, factors.DownName, ScalarType.Float32);
            var up = TensorTransfer.Load(folder.Weights, factors.UpName, ScalarType.Float32);
            if (folder.Weights.Tensors.ContainsKey(factors.BaseName))
            {
                using var carried = TensorTransfer.Load(folder.Weights, factors.BaseName, model.Type);
                model.Linears[factors.Linear.Path].Weight.copy_(carried);
            }

            patches.Add((model.Linears[factors.Linear.Path], new LoraPatch(down, up, factors.Scaling, folder.Configuration.Dropout)));
        }

        return new Adapter(model, folder.Configuration, patches);
    }

    private static Tensor Start(LoraInitialization initialization, int rank, int inFeatures, int fan, Generator generator) =>
        initialization == LoraInitialization.Gaussian
            ? empty(rank, inFeatures, ScalarType.Float32).normal_(0, 1.0 / rank, generator)
            : Uniform(rank, inFeatures, 1 / Math.Sqrt(fan), generator);

    // Kaiming-uniform with a = √5 comes to U(−1/√fan_in, 1/√fan_in), the default of torch.nn.Linear.
    private static Tensor Uniform(int rows, int columns, double bound, Generator generator) =>
        empty(rows, columns, ScalarType.Float32).uniform_(-bound, bound, generator);
}

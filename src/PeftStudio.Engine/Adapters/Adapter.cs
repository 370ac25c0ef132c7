using PeftStudio.Engine.Models;
using PeftStudio.Formats.Adapters;
using PeftStudio.Formats.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Adapters;

/// <summary>An adapter on a model: patches on its linears, which it takes off again when it is disposed.</summary>
internal sealed class Adapter : IDisposable
{
    private readonly CausalModel _model;
    private readonly IReadOnlyList<(TorchLinear Linear, ILinearPatch Patch)> _patches;

    internal Adapter(CausalModel model, LoraConfiguration configuration, IReadOnlyList<(TorchLinear Linear, ILinearPatch Patch)> patches)
    {
        _model = model;
        Configuration = configuration;
        _patches = patches;
        Enable();
    }

    /// <summary>The configuration with its targets resolved.</summary>
    internal LoraConfiguration Configuration { get; }

    /// <summary>Number of adapted linears.</summary>
    internal int LinearCount => _patches.Count;

    /// <summary>Trainable parameters by their name in the base model's terms, such as <c>model.layers.0.self_attn.q_proj.lora_A.weight</c>.</summary>
    internal IEnumerable<(string Name, Tensor Parameter)> Parameters =>
        _patches.SelectMany(p => p.Patch.Parameters.Select(q => ($"{p.Linear.Blueprint.Path}.{q.Suffix}", q.Parameter)));

    /// <summary>Puts the patches on.</summary>
    internal void Enable()
    {
        foreach (var (linear, patch) in _patches) linear.Patch = patch;
    }

    /// <summary>Takes the patches off: the model is the bare base again.</summary>
    internal void Disable()
    {
        foreach (var (linear, _) in _patches) linear.Patch = null;
    }

    /// <summary>
    /// Adds every update to its base weight and takes the patches off. The update is added in its own type and rounded once to the base's,
    /// as PEFT's plain merge does.
    /// </summary>
    internal void Merge()
    {
        using var quiet = no_grad();
        foreach (var (linear, patch) in _patches)
        {
            using var scope = NewDisposeScope();
            var delta = patch.Delta();
            linear.Weight.copy_(linear.Weight.to(delta.dtype) + delta);
        }

        Disable();
    }

    /// <summary>The tensors as PEFT's file names them; an adapted head's base weight goes along, as PEFT saves it.</summary>
    internal IEnumerable<(TensorInfo Info, ReadOnlyMemory<byte> Data)> ToFile() =>
        Parameters.Select(p => TensorTransfer.ToFile(AdapterFolder.KeyPrefix + p.Name, p.Parameter))
            .Concat(_patches.Where(p => p.Linear.Blueprint.Path == _model.Blueprint.Head.Path)
                .Select(p => TensorTransfer.ToFile(AdapterFolder.KeyOf(p.Linear.Blueprint.Path, "base_layer.weight"), p.Linear.Weight)));

    /// <summary>Writes an adapter folder in PEFT's layout.</summary>
    internal void Save(string folder) => AdapterFolder.Write(folder, Configuration, ToFile());

    public void Dispose()
    {
        Disable();
        foreach (var (_, patch) in _patches) patch.Dispose();
    }
}

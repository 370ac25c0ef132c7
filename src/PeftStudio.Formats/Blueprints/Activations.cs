using PeftStudio.Formats.Checkpoints;

namespace PeftStudio.Formats.Blueprints;

/// <summary>Names of activations in configurations.</summary>
internal static class Activations
{
    internal static Activation Read(ModelConfiguration config, string key, string missing)
    {
        var name = config.Text(key) ?? missing;
        return name switch
        {
            "silu" or "swish" => Activation.Silu,
            "gelu" => Activation.Gelu,
            "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" or "gelu_accurate" => Activation.GeluTanh,
            "relu" => Activation.Relu,
            "relu2" => Activation.ReluSquared,
            _ => throw config.Invalid(key, name, "known are silu, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, relu, relu2"),
        };
    }
}

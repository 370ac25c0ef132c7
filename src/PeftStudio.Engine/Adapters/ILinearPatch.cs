using static TorchSharp.torch;

namespace PeftStudio.Engine.Adapters;

/// <summary>
/// A PEFT method on one linear: which parameters it adds, what they add to the forward pass, how they merge and how PEFT's file names them.
/// Injector, trainer, saver and merger know nothing else of a method.
/// </summary>
internal interface ILinearPatch : IDisposable
{
    /// <summary>Trainable parameters by their name after the module path in PEFT's file, such as <c>lora_A.weight</c>.</summary>
    IEnumerable<(string Suffix, Tensor Parameter)> Parameters { get; }

    /// <summary>The linear's output with the patch applied.</summary>
    /// <param name="input">Input of the linear [N, in].</param>
    /// <param name="output">What the base linear gave [N, out].</param>
    /// <param name="training">Whether dropout applies.</param>
    /// <returns>A new tensor [N, out] in the type of <paramref name="output"/>.</returns>
    Tensor Apply(Tensor input, Tensor output, bool training);

    /// <summary>What merging adds to the weight [out, in], in the type of the patch's parameters.</summary>
    Tensor Delta();
}

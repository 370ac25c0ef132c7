using TorchSharp;
using static TorchSharp.torch;

namespace PeftStudio.Engine.Adapters;

/// <summary>LoRA on one linear: <c>y += s · (dropout(x)·Aᵀ)·Bᵀ</c> (Hu et al. 2021, section 4.1). The factors are float32 and trained.</summary>
internal sealed class LoraPatch : ILinearPatch
{
    private readonly Tensor _down; // A [R, in]
    private readonly Tensor _up; // B [out, R]
    private readonly double _scaling;
    private readonly double _dropout;

    /// <summary>Takes both factors over.</summary>
    internal LoraPatch(Tensor down, Tensor up, double scaling, double dropout)
    {
        _down = down.requires_grad_(true);
        _up = up.requires_grad_(true);
        _scaling = scaling;
        _dropout = dropout;
    }

    public IEnumerable<(string Suffix, Tensor Parameter)> Parameters => [("lora_A.weight", _down), ("lora_B.weight", _up)];

    public Tensor Apply(Tensor input, Tensor output, bool training)
    {
        using var scope = NewDisposeScope();
        var x = input.dtype == _down.dtype ? input : input.to(_down.dtype);
        if (training && _dropout > 0) x = nn.functional.dropout(x, _dropout, training: true);
        var low = x.matmul(_down.t()); // [N, R]
        if (output.dtype == _up.dtype) return addmm(output, low, _up.t(), 1, (float)_scaling).MoveToOuterDisposeScope();

        // A bfloat16 base: the sum is taken in the factors' type and rounded once, as PEFT's forward does.
        var sum = addmm(output.to(_up.dtype), low, _up.t(), 1, (float)_scaling);
        return sum.to(output.dtype).MoveToOuterDisposeScope();
    }

    public Tensor Delta()
    {
        using var scope = NewDisposeScope();
        return _up.detach().matmul(_down.detach()).mul((float)_scaling).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _down.Dispose();
        _up.Dispose();
    }
}

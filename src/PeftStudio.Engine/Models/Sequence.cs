using static TorchSharp.torch;

namespace PeftStudio.Engine.Models;

/// <summary>What all layers of one forward pass share.</summary>
/// <param name="Batch">B.</param>
/// <param name="Length">T.</param>
/// <param name="Hidden">True where query i may not see key j: [T, T], or [B, 1, T, T] with padding.</param>
/// <param name="Rotary">Rotary tables of this pass.</param>
/// <param name="Training">Whether dropout applies.</param>
internal sealed record Sequence(long Batch, long Length, Tensor Hidden, RotaryTables Rotary, bool Training);

namespace PeftStudio.Inference;

/// <summary>A low-rank update of one linear: <c>y += Scale · (x·Aᵀ)·Bᵀ</c> (Hu et al. 2021, section 4.1).</summary>
/// <param name="Path">Module path of the linear in the base model, such as <c>model.layers.0.self_attn.q_proj</c>.</param>
/// <param name="A">A [R, in], row by row, float32.</param>
/// <param name="B">B [out, R], row by row, float32.</param>
/// <param name="Rank">R, at least 1.</param>
/// <param name="Scale">Factor on the update, such as α/R.</param>
public sealed record LinearDelta(string Path, float[] A, float[] B, int Rank, float Scale);
